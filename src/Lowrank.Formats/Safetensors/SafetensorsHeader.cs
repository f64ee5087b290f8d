using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Formats;

/// <summary>The JSON at the head of a safetensors file, checked whole before a byte of data is touched.</summary>
sealed class SafetensorsHeader
{
    // The limit of the reference reader.
    internal const long MaxLength = 100_000_000;
    internal const string MetadataName = "__metadata__";
    internal const int LengthBytes = 8;

    /// <summary>Throws on what is no text, instead of putting question marks in its place.</summary>
    internal static readonly UTF8Encoding StrictText = new(false, throwOnInvalidBytes: true);

    internal readonly record struct Entry(TensorInfo Info, long Begin, long End);

    /// <summary>In the order of the data.</summary>
    internal required IReadOnlyList<Entry> Entries { get; init; }
    internal required IReadOnlyDictionary<string, string> Metadata { get; init; }
    internal required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Where the data begin in the file.</summary>
    internal required long DataStart { get; init; }

    internal static SafetensorsHeader Read(Stream file, string path)
    {
        if (file.Length < LengthBytes)
            throw FileFault.At(path, 0, $"the file has {file.Length} bytes, and a safetensors file begins with the 8 bytes " +
                "of its header's length. Is the download incomplete?");
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        file.ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxLength)
            throw FileFault.At(path, 0, $"the header's length is given as {length} bytes, more than the {MaxLength} allowed. " +
                "It is not a safetensors file, or a damaged one");
        long rest = file.Length - LengthBytes;
        if ((long)length > rest)
            throw FileFault.At(path, 0, $"the header's length is given as {length} bytes, and the file has {rest} after it. " +
                "Is the download incomplete?");
        var json = new byte[length];
        file.ReadExactly(json);
        return new SafetensorsHeaderReader(path, json, file.Length).Read();
    }
}
