using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Runs of byte tokens (<c>&lt;0xE2&gt;</c>) to text.</summary>
/// <param name="keepsValid">Whether of a run that is no text the characters that are whole stay, as SentencePiece has it; else each byte of
/// the run becomes a U+FFFD, as Hugging Face's tokenizers have it.</param>
sealed class ByteFallbackDecoder(bool keepsValid = false) : ITokenDecoder
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var parts = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            if (ByteOf(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }
            Flush(bytes, parts);
            parts.Add(token);
        }
        Flush(bytes, parts);
        return parts;
    }

    /// <summary>The byte that a token stands for, or null.</summary>
    public static byte? ByteOf(string token)
    {
        bool isByte = token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>';
        if (!isByte) return null;
        bool isHex = byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value);
        return isHex ? value : null;
    }

    void Flush(List<byte> bytes, List<string> parts)
    {
        if (bytes.Count == 0) return;
        try
        {
            parts.Add(strict.GetString([.. bytes]));
        }
        catch (DecoderFallbackException)   // no text: said so, byte by byte
        {
            if (keepsValid) parts.Add(Whole([.. bytes]));
            else parts.AddRange(Enumerable.Repeat("\uFFFD", bytes.Count));
        }
        bytes.Clear();
    }

    static string Whole(ReadOnlySpan<byte> bytes)
    {
        var made = new StringBuilder();
        while (bytes.Length > 0)
        {
            bool isWhole = Rune.DecodeFromUtf8(bytes, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            made.Append(isWhole ? rune : Rune.ReplacementChar);
            bytes = bytes[(isWhole ? length : 1)..];
        }
        return made.ToString();
    }
}
