using System.Buffers.Binary;
using System.Text;
using static Lowrank.Formats.SafetensorsHeader;

namespace Lowrank.Formats;

/// <summary>Writes headers as the reference writer does, to the byte.</summary>
static class SafetensorsHeaderWriter
{
    /// <summary>The length field and the JSON, padded with blanks to a multiple of 8.</summary>
    internal static byte[] Write(IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[LengthBytes]);
        Text("{");
        if (metadata is { Count: > 0 })
        {
            // Sorted, so that equal metadata give equal files.
            var pairs = metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}");
            Text($"\"{MetadataName}\":{{{string.Join(",", pairs)}}}");
            if (tensors.Count > 0) Text(",");
        }
        long begin = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            if (tensor.Name == MetadataName)
                throw new LowrankException($"a tensor cannot have the name {MetadataName}, which is the metadata's.");
            long end = begin + tensor.Bytes;
            if (i > 0) Text(",");
            Text($"{Quote(tensor.Name)}:{{\"dtype\":\"{tensor.Dtype}\"," +
                $"\"shape\":[{string.Join(",", tensor.Shape)}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        Text("}");
        while (stream.Length % 8 != 0) stream.WriteByte((byte)' ');
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        long length = bytes.Length - LengthBytes;
        if (length > MaxLength)
            throw new LowrankException(
                $"the header of names and metadata has {length} bytes, more than the {MaxLength} that readers allow");
        return bytes;

        void Text(string text)
        {
            try
            {
                stream.Write(StrictText.GetBytes(text));
            }
            catch (EncoderFallbackException error)
            {
                throw new LowrankException(
                    $"a name or metadata string cannot be written, for it is no text that UTF-8 can hold: {text}", error);
            }
        }
    }

    // As the reference writer quotes, to the byte: System.Text.Json escapes characters beyond the first plane, and so would move the data
    // that kohya's legacy hash looks at.
    static string Quote(string text) => JsonString.Append(new StringBuilder(), text, asciiOnly: false).ToString();
}
