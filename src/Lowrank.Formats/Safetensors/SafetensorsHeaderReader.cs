using System.Text;
using System.Text.Json;
using static Lowrank.Formats.SafetensorsHeader;

namespace Lowrank.Formats;

/// <summary>Reads the JSON of a header, and refuses whatever the format does not allow: names given twice, places that overlap, leave holes
/// or lie outside.</summary>
ref struct SafetensorsHeaderReader(string path, byte[] json, long fileLength)
{
    // What is made of a header takes no more than twice the file and 64 MB: each tensor 400 bytes, each string of the metadata 100.
    const int MostStrings = 200_000, MostNotes = 100;
    readonly long mostTensors = 100_000 + fileLength / 500;

    readonly List<Entry> entries = [];
    readonly List<long> numbers = [];
    readonly Dictionary<string, string> metadata = [];
    readonly List<string> notes = [];
    Utf8JsonReader reader;

    internal SafetensorsHeader Read()
    {
        CheckText();
        reader = new Utf8JsonReader(json);
        try
        {
            ReadHeader();
        }
        catch (JsonException error)
        {
            throw Fault("the header is not well-formed JSON: " + JsonFault.Of(error), error);
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
            StrictText.GetCharCount(json);
        }
        catch (DecoderFallbackException error)
        {
            throw FileFault.At(path, LengthBytes + error.Index, "the header is not UTF-8 text");
        }
        if (json.Length == 0) throw FileFault.At(path, LengthBytes, "the header is empty; the least is {}");
        if (json[0] != '{' && json.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
            notes.Add($"{path}: blanks stand before the header's opening brace, where the format wants the brace first.");
    }

    void ReadHeader()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault($"the header is {Kind()}, and should be an object of tensors by name");
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name)) throw Fault($"the name '{name}' stands twice in the header");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Fault($"'{name}' is {Kind()}, and should be an object");
            if (name == MetadataName) ReadMetadata();
            else if (entries.Count < mostTensors) entries.Add(ReadEntry(name));
            else throw Fault($"the header names more than {mostTensors} tensors, more than a file of this size can be about");
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
            if (metadata.Count > MostStrings) throw Fault($"the metadata has more than {MostStrings} strings");
        }
    }

    Entry ReadEntry(string name)
    {
        var fields = new EntryFields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = Field();
            if (fields.Has(field)) throw Fault($"{field} of '{name}' stands twice");
            reader.Read();
            switch (field)
            {
                case DtypeField: fields.Dtype = ReadDtype(name); break;
                case ShapeField: fields.Shape = ReadNumbers(name, field); break;
                case OffsetsField: fields.Offsets = ReadNumbers(name, field); break;
                default: SkipUnknown(name, field); break;
            }
        }
        if (fields is not { Dtype: { } dtype, Shape: { } shape, Offsets: { } offsets }) throw Fault($"'{name}' lacks its {fields.Missing}");
        if (offsets is not [var begin, var end])
            throw Fault($"{OffsetsField} of '{name}' has {offsets.Length} numbers, and must have begin and end");
        CheckPlace(name, dtype, shape, begin, end);
        return new Entry(new TensorInfo(name, dtype, shape), begin, end);
    }

    const string DtypeField = "dtype", ShapeField = "shape", OffsetsField = "data_offsets";

    struct EntryFields
    {
        internal TensorDtype? Dtype;
        internal long[]? Shape, Offsets;

        internal readonly bool Has(string field) => field switch
        {
            DtypeField => Dtype != null,
            ShapeField => Shape != null,
            OffsetsField => Offsets != null,
            _ => false,
        };

        internal readonly string Missing => Dtype == null ? DtypeField : Shape == null ? ShapeField : OffsetsField;
    }

    void SkipUnknown(string name, string field)
    {
        if (notes.Count < MostNotes) notes.Add($"{path}: the tensor '{name}' has a field '{field}' that the format does not know.");
        reader.Skip();
    }

    // The three that there are take no memory anew.
    readonly string Field()
    {
        if (reader.ValueTextEquals("dtype"u8)) return DtypeField;
        if (reader.ValueTextEquals("shape"u8)) return ShapeField;
        return reader.ValueTextEquals("data_offsets"u8) ? OffsetsField : reader.GetString()!;
    }

    TensorDtype ReadDtype(string name)
    {
        if (reader.TokenType != JsonTokenType.String) throw Fault($"dtype of '{name}' is {Kind()}, and must be a string");
        string text = reader.GetString()!;
        return TensorDtypes.Named(text)
            ?? throw Fault($"'{name}' has the dtype {text}; those that can be read are {string.Join(", ", TensorDtypes.All)}");
    }

    long[] ReadNumbers(string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault($"{field} of '{name}' is {Kind()}, and must be an array of whole numbers");
        numbers.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
                throw Fault($"{field} of '{name}' holds something that is no whole number of 63 bits");
            if (number < 0) throw Fault($"{field} of '{name}' holds {number}, which is negative");
            if (numbers.Count == TensorBytes.MostAxes) throw Fault($"{field} of '{name}' has more than {TensorBytes.MostAxes} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    readonly void CheckPlace(string name, TensorDtype dtype, long[] shape, long begin, long end)
    {
        long space = fileLength - LengthBytes - json.Length;
        if (end < begin) throw Fault($"'{name}' ends at {end}, before its begin {begin}");
        if (end > space) throw Fault($"'{name}' reaches to byte {end} of the data, and the file has {space}. Is the download incomplete?");
        if (dtype.Block.BytesOf(shape) is not { } bytes)
            throw Fault($"'{name}' of shape {shape.Text()} has more elements than 63 bits can count");
        if (bytes != end - begin)
            throw Fault($"'{name}', {dtype} of shape {shape.Text()}, needs {bytes} bytes, " +
                $"and its data_offsets [{begin}, {end}] give {end - begin}");
    }

    readonly List<Entry> InDataOrder()
    {
        var ordered = entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
        long start = LengthBytes + json.Length, covered = 0;
        string last = "the header";   // quoted, but for the header itself
        foreach (var (info, begin, end) in ordered)
        {
            if (begin < covered) throw FileFault.At(path, start + begin, $"'{info.Name}' shares bytes with {last}");
            if (begin > covered)
                throw FileFault.At(path, start + covered, $"{begin - covered} bytes between {last} and '{info.Name}' belong to no tensor");
            (covered, last) = (end, $"'{info.Name}'");
        }
        if (start + covered < fileLength)
            throw FileFault.At(path, start + covered, $"{fileLength - start - covered} bytes after {last} belong to no tensor");
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

    readonly LowrankException Fault(string what, Exception? inner = null) =>
        FileFault.At(path, LengthBytes + reader.TokenStartIndex, what, inner: inner);
}
