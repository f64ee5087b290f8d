using System.Text;
using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>The JSON at the head of a safetensors file, checked whole before a byte of data is touched.</summary>
sealed class SafetensorsHeader
{
    // The limit of the reference reader.
    internal const long MaxLength = 100_000_000;
    const string MetadataName = "__metadata__";
    const int LengthBytes = 8;

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
            throw Fault(path, 0, $"the file has {file.Length} bytes, and a safetensors file begins with the 8 bytes of its header's length. Is the download incomplete?");
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        file.ReadExactly(lengthBytes);
        ulong length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxLength)
            throw Fault(path, 0, $"the header's length is given as {length} bytes, more than the {MaxLength} allowed. It is not a safetensors file, or a damaged one");
        if ((long)length > file.Length - LengthBytes)
            throw Fault(path, 0, $"the header's length is given as {length} bytes, and the file has {file.Length - LengthBytes} after it. Is the download incomplete?");
        var json = new byte[length];
        file.ReadExactly(json);
        return new Parser(path, json, file.Length).Parse();
    }

    static LowrankException Fault(string path, long offset, string what) => FileFault.At(path, offset, what);

    ref struct Parser(string path, byte[] json, long fileLength)
    {
        readonly List<Entry> entries = [];
        readonly Dictionary<string, string> metadata = [];
        readonly List<string> notes = [];
        Utf8JsonReader reader;

        internal SafetensorsHeader Parse()
        {
            CheckText();
            reader = new Utf8JsonReader(json);
            try
            {
                ReadHeader();
            }
            catch (JsonException error)
            {
                throw Fault("the header is not well-formed JSON: " + error.Message, error);
            }
            catch (InvalidOperationException error)   // an escape in a string that is half of a surrogate pair
            {
                throw Fault("the header holds a string that is no text: " + error.Message, error);
            }
            return new SafetensorsHeader { Entries = InDataOrder(), Metadata = metadata, Notes = notes, DataStart = LengthBytes + json.Length };
        }

        readonly void CheckText()
        {
            try
            {
                strictText.GetCharCount(json);
            }
            catch (DecoderFallbackException error)
            {
                throw SafetensorsHeader.Fault(path, LengthBytes + error.Index, "the header is not UTF-8 text");
            }
            if (json.Length == 0) throw SafetensorsHeader.Fault(path, LengthBytes, "the header is empty; the least is {}");
            if (json[0] != '{' && json.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
                notes.Add($"{path}: blanks stand before the header's opening brace, where the format wants the brace first.");
        }

        void ReadHeader()
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Fault($"the header is {Kind()}, and should be an object of tensors by name");
            var names = new HashSet<string>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw Fault($"the name '{name}' stands twice in the header");
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject) throw Fault($"'{name}' is {Kind()}, and should be an object");
                if (name == MetadataName) ReadMetadata();
                else entries.Add(ReadEntry(name));
            }
            reader.Read();   // throws on anything but blanks after the closing brace
        }

        void ReadMetadata()
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) throw Fault($"the metadata '{name}' is {Kind()}, and must be a string");
                if (!metadata.TryAdd(name, reader.GetString()!)) throw Fault($"the metadata '{name}' stands twice");
            }
        }

        Entry ReadEntry(string name)
        {
            TensorDtype? dtype = null;
            long[]? shape = null, offsets = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string field = reader.GetString()!;
                if (field == "dtype" && dtype != null || field == "shape" && shape != null || field == "data_offsets" && offsets != null)
                    throw Fault($"{field} of '{name}' stands twice");
                reader.Read();
                switch (field)
                {
                    case "dtype": dtype = ReadDtype(name); break;
                    case "shape": shape = ReadNumbers(name, field); break;
                    case "data_offsets": offsets = ReadNumbers(name, field); break;
                    default:
                        notes.Add($"{path}: the tensor '{name}' has a field '{field}' that the format does not know.");
                        reader.Skip();
                        break;
                }
            }
            if (dtype == null || shape == null || offsets == null)
                throw Fault($"'{name}' lacks its {(dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets")}");
            if (offsets is not [var begin, var end]) throw Fault($"data_offsets of '{name}' has {offsets.Length} numbers, and must have begin and end");
            CheckPlace(name, dtype.Value, shape, begin, end);
            return new Entry(new TensorInfo(name, dtype.Value, shape), begin, end);
        }

        TensorDtype ReadDtype(string name)
        {
            string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Fault($"dtype of '{name}' is {Kind()}, and must be a string");
            var known = Enum.GetValues<TensorDtype>().Where(dtype => dtype.ToString() == text);
            return known.Any() ? known.First() : throw Fault($"'{name}' has the dtype {text}; those that can be read are {string.Join(", ", Enum.GetNames<TensorDtype>())}");
        }

        long[] ReadNumbers(string name, string field)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw Fault($"{field} of '{name}' is {Kind()}, and must be an array of whole numbers");
            var numbers = new List<long>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
                    throw Fault($"{field} of '{name}' holds something that is no whole number of 63 bits");
                if (number < 0) throw Fault($"{field} of '{name}' holds {number}, which is negative");
                numbers.Add(number);
            }
            return [.. numbers];
        }

        readonly void CheckPlace(string name, TensorDtype dtype, long[] shape, long begin, long end)
        {
            long space = fileLength - LengthBytes - json.Length;
            if (end < begin) throw Fault($"'{name}' ends at {end}, before its begin {begin}");
            if (end > space) throw Fault($"'{name}' reaches to byte {end} of the data, and the file has {space}. Is the download incomplete?");
            if (dtype.BytesOf(shape) is not { } bytes)
                throw Fault($"'{name}' of shape ({string.Join(", ", shape)}) has more elements than 63 bits can count");
            if (bytes != end - begin)
                throw Fault($"'{name}', {dtype} of shape ({string.Join(", ", shape)}), needs {bytes} bytes, and its data_offsets [{begin}, {end}] give {end - begin}");
        }

        readonly List<Entry> InDataOrder()
        {
            var ordered = entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
            long start = LengthBytes + json.Length, covered = 0;
            string last = "the header";   // quoted, but for the header itself
            foreach (var (info, begin, end) in ordered)
            {
                if (begin < covered) throw SafetensorsHeader.Fault(path, start + begin, $"'{info.Name}' shares bytes with {last}");
                if (begin > covered) throw SafetensorsHeader.Fault(path, start + covered, $"{begin - covered} bytes between {last} and '{info.Name}' belong to no tensor");
                (covered, last) = (end, $"'{info.Name}'");
            }
            if (start + covered < fileLength)
                throw SafetensorsHeader.Fault(path, start + covered, $"{fileLength - start - covered} bytes after {last} belong to no tensor");
            return ordered;
        }

        readonly string Kind() => reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.Number => "a number",
            JsonTokenType.String => "a string",
            JsonTokenType.Null => "null",
            _ => "a truth value",
        };

        readonly LowrankException Fault(string what, Exception? inner = null) => FileFault.At(path, LengthBytes + reader.TokenStartIndex, what, inner: inner);
    }

    static readonly UTF8Encoding strictText = new(false, throwOnInvalidBytes: true);

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
            Text($"\"{MetadataName}\":{{{string.Join(",", pairs)}}}{(tensors.Count > 0 ? "," : "")}");
        }
        long begin = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            if (tensor.Name == MetadataName) throw new LowrankException($"a tensor cannot have the name {MetadataName}, which is the metadata's.");
            long end = begin + tensor.Bytes;
            Text($"{(i > 0 ? "," : "")}{Quote(tensor.Name)}:{{\"dtype\":\"{tensor.Dtype}\",\"shape\":[{string.Join(",", tensor.Shape)}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        Text("}");
        while (stream.Length % 8 != 0) stream.WriteByte((byte)' ');
        var bytes = stream.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        if (bytes.Length - LengthBytes > MaxLength)
            throw new LowrankException($"the header of names and metadata has {bytes.Length - LengthBytes} bytes, more than the {MaxLength} that readers allow");
        return bytes;

        void Text(string text)
        {
            try
            {
                stream.Write(strictText.GetBytes(text));
            }
            catch (EncoderFallbackException error)
            {
                throw new LowrankException($"a name or metadata string cannot be written, for it is no text that UTF-8 can hold: {text}", error);
            }
        }
    }

    // As the reference writer quotes, to the byte: System.Text.Json escapes characters beyond the first plane, and so would move the data
    // that kohya's legacy hash looks at.
    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
