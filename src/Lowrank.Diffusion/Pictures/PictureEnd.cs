using System.Buffers.Binary;

namespace Lowrank.Diffusion;

/// <summary>Whether the bytes of a picture end before the picture does, as of a copy that was broken off.</summary>
static class PictureEnd
{
    // Length of a RIFF container's own head, which its length does not count.
    const int RiffHead = 8;

    /// <summary>Whether they do, of a picture that could not be read.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="told">What the library said of it, which knows of JPEG, GIF and AVIF.</param>
    public static bool IsMissing(ReadOnlySpan<byte> bytes, string told) => PictureSignature.Of(bytes) switch
    {
        "png" => !PngText.IsWhole(bytes),
        "webp" => BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) > bytes.Length - RiffHead,
        "jpeg" => told.Contains("premature end", StringComparison.OrdinalIgnoreCase),
        "gif" or "avif" => told.Contains("unexpected end", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
