using System.Text;

namespace Lowrank.Formats;

/// <summary>Text in GGUF files: UTF-8, and nothing else is put in its place.</summary>
static class GgufText
{
    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text of some bytes; null where they are none.</summary>
    internal static string? Of(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <exception cref="LowrankException">Half of a surrogate pair stands in it.</exception>
    internal static byte[] Bytes(string text, string where)
    {
        try
        {
            return strict.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new LowrankException($"{where} cannot be written, for it is no text that UTF-8 can hold: {text}", error);
        }
    }
}
