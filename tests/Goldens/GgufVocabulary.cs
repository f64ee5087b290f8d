using System.Text;
using Lowrank.Language;

namespace Goldens;

/// <summary>The vocabulary of a GGUF file: its tokens' texts, their kinds, and those that end a text.</summary>
sealed class GgufVocabulary
{
    // Kinds of tokens.
    const int Unknown = 2, Control = 3, Unused = 5, Byte = 6;

    // Texts that llama.cpp takes for ends whatever the file says.
    static readonly HashSet<string> ends = ["<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>", "< EOT >", "_<EOT>"];

    readonly byte[] bytes;
    readonly Dictionary<string, object> values = [];
    int at;

    public GgufVocabulary(string path)
    {
        bytes = File.ReadAllBytes(path);
        at = 16;
        ulong count = Number<ulong>();
        for (ulong i = 0; i < count; i++)
        {
            string name = Text();
            values[name] = Value(Number<uint>());
        }
        Pieces = [.. ((List<object>)values["tokenizer.ggml.tokens"]).Cast<string>()];
        Kinds = values.TryGetValue("tokenizer.ggml.token_type", out var kinds) ? [.. ((List<object>)kinds).Select(Convert.ToInt32)] : new int[Pieces.Length];
        IsByteLevel = (string)values["tokenizer.ggml.model"] == "gpt2";
        var ids = Enumerable.Range(0, Pieces.Length).Where(id => ends.Contains(Pieces[id]));
        foreach (string key in new[] { "eos", "eot", "eom" })
            if (values.TryGetValue($"tokenizer.ggml.{key}_token_id", out var id)) ids = ids.Append(Convert.ToInt32(id));
        int[] all = [.. ids.Distinct()];
        Texts = new([.. Enumerable.Range(0, Pieces.Length).Select(id => Kinds[id] is Unknown or Control ? [] : BytesOf(id))], all);
        WithControls = new([.. Enumerable.Range(0, Pieces.Length).Select(BytesOf)], all);
    }

    public string[] Pieces { get; }

    public int[] Kinds { get; }

    public bool IsByteLevel { get; }

    public int EndOfText => Convert.ToInt32(values.TryGetValue("tokenizer.ggml.eot_token_id", out var id) ? id : values["tokenizer.ggml.eos_token_id"]);

    /// <summary>Without texts of tokens that only steer.</summary>
    public TokenTexts Texts { get; }

    /// <summary>With them, as llama.cpp holds them to grammars.</summary>
    public TokenTexts WithControls { get; }

    byte[] BytesOf(int id)
    {
        string piece = Pieces[id];
        if (Kinds[id] is Unused) return [];
        if (Kinds[id] is Unknown or Control) return Encoding.UTF8.GetBytes(piece);
        if (IsByteLevel) return Kinds[id] == 4 ? Encoding.UTF8.GetBytes(piece) : [.. piece.Select(ByteOf)];
        if (Kinds[id] == Byte) return [Convert.ToByte(piece[3..5], 16)];
        return Encoding.UTF8.GetBytes(piece.Replace('\u2581', ' '));
    }

    // GPT-2's alphabet: printable bytes are themselves, the others follow from U+0100 on.
    static byte ByteOf(char letter)
    {
        if (letter < 256) return (byte)letter;
        int number = letter - 256;
        for (int value = 0; value < 256; value++)
        {
            bool isItself = value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
            if (!isItself && number-- == 0) return (byte)value;
        }
        throw new InvalidDataException($"{letter} is no letter of the byte alphabet");
    }

    object Value(uint kind) => kind switch
    {
        0 => Number<byte>(),
        1 => Number<sbyte>(),
        2 => Number<ushort>(),
        3 => Number<short>(),
        4 => Number<uint>(),
        5 => Number<int>(),
        6 => Number<float>(),
        7 => Number<byte>() != 0,
        8 => Text(),
        9 => Values(),
        10 => Number<ulong>(),
        11 => Number<long>(),
        12 => Number<double>(),
        _ => throw new InvalidDataException($"GGUF has no kind {kind}"),
    };

    List<object> Values()
    {
        uint kind = Number<uint>();
        ulong count = Number<ulong>();
        var list = new List<object>();
        for (ulong i = 0; i < count; i++) list.Add(Value(kind));
        return list;
    }

    string Text()
    {
        int length = (int)Number<ulong>();
        string text = Encoding.UTF8.GetString(bytes, at, length);
        at += length;
        return text;
    }

    unsafe T Number<T>() where T : unmanaged
    {
        var value = System.Runtime.InteropServices.MemoryMarshal.Read<T>(bytes.AsSpan(at, sizeof(T)));
        at += sizeof(T);
        return value;
    }
}
