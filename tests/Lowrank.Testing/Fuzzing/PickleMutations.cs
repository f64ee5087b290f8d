using System.Numerics;
using System.Text;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Changes of a pickle's opcodes and their arguments; what follows the pickle stays as it is.</summary>
public static class PickleMutations
{
    static readonly (string Module, string Name)[] names =
    [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("subprocess", "Popen"), ("torch", "load"), ("torch.hub", "load"), ("", ""), ("torch", ""),
        ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor_v3"), ("torch._utils", "_rebuild_parameter"), ("torch", "Size"),
        ("torch", "device"), ("torch", "DoubleStorage"), ("torch", "ByteStorage"), ("torch.storage", "UntypedStorage"), ("torch", "float8_e5m2"), ("torch", "float64"),
        ("collections", "OrderedDict"), ("torch.nn.modules.container", "ParameterDict"), ("builtins", "set"), ("_codecs", "encode"), ("numpy", "dtype"), ("numpy.core.multiarray", "scalar"),
    ];

    static readonly (string Name, byte[] Code)[] codes =
    [
        ("a memo that is missing", [(byte)'h', 250]), ("a memo at 2^31", [(byte)'j', 0, 0, 0, 0x80]),
        ("a memo at -1", [.. "g-1\n"u8]), ("a memo at nothing", [.. "g\n"u8]), ("kept at 2^32-1", [(byte)'r', 255, 255, 255, 255]),
        ("kept at -1", [.. "p-1\n"u8]), ("kept", [0x94]), ("all kept", [.. Enumerable.Repeat((byte)0x94, 2000)]),
        ("a number of 2 GB", [0x8b, 255, 255, 255, 0x7f]), ("a number of -1 bytes", [0x8b, 255, 255, 255, 255]),
        ("a number of 255 bytes", [0x8a, 255, .. Enumerable.Repeat((byte)0x7f, 255)]), ("a number of no bytes", [0x8a, 0]),
        ("a number of 20000 bytes", [0x8b, 0x20, 0x4e, 0, 0, .. Enumerable.Repeat((byte)0x7f, 20_000)]),
        ("a text of 2^63 bytes", [0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80]), ("a text of 2^31 bytes", [0x8d, 0, 0, 0, 0x80, 0, 0, 0, 0]),
        ("a text of -1 bytes", [0x8d, 255, 255, 255, 255, 255, 255, 255, 255]),
        ("a text of 90 MB", [(byte)'X', 0x80, 0x4a, 0x5d, 5]), ("bytes of 90 MB", [(byte)'B', 0x80, 0x4a, 0x5d, 5]),
        ("bytes of 2^40", [0x8e, 0, 0, 0, 0, 0, 1, 0, 0]), ("changeable bytes of 2^62", [0x96, 0, 0, 0, 0, 0, 0, 0, 0x40]),
        ("text that is no UTF-8", [(byte)'X', 3, 0, 0, 0, 0xff, 0xc0, 0x80]), ("old text", [.. "S'a\\x00'\n"u8]),
        ("a line without end", [(byte)'V', .. Enumerable.Repeat((byte)'x', 70_000)]),
        ("digits", [(byte)'L', .. Enumerable.Repeat((byte)'9', 20_000), (byte)'L', (byte)'\n']),
        ("digits that are none", [.. "Ix\n"u8]), ("no digits", [.. "I\n"u8]), ("a float beyond", [.. "F1e999\n"u8]),
        ("no float", [.. "Fnone\n"u8]), ("NaN", [(byte)'G', 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]), ("protocol 255", [0x80, 255]),
        ("a frame of -1", [0x95, 255, 255, 255, 255, 255, 255, 255, 255]), ("a stop", [(byte)'.']), ("a mark", [(byte)'(']),
        ("pop", [(byte)'0']), ("pop to mark", [(byte)'1']), ("the same again", [(byte)'2']),
        ("the same again by the thousand", [.. Enumerable.Repeat((byte)'2', 5000)]), ("None", [(byte)'N']), ("True", [0x88]),
        ("an empty tuple", [(byte)')']), ("an empty list", [(byte)']']), ("an empty dict", [(byte)'}']), ("an empty set", [0x8f]),
        ("a frozen set", [(byte)'(', 0x91]), ("an empty dict by the thousand", [.. Enumerable.Repeat((byte)'}', 30_000)]),
        ("append", [(byte)'a']), ("appends", [(byte)'(', (byte)'e']), ("items", [(byte)'(', (byte)'u']), ("an item", [(byte)'s']),
        ("a tuple of three", [0x87]), ("a tuple", [(byte)'t']), ("a list", [(byte)'l']), ("a dict", [(byte)'d']),
        ("tuples in tuples", [.. Enumerable.Repeat((byte)0x85, 20_000)]),
        ("lists in lists", [.. Enumerable.Repeat((byte)']', 20_000), .. Enumerable.Repeat((byte)'a', 19_999)]),
        ("marks in marks", [.. Enumerable.Repeat((byte)'(', 20_000), .. Enumerable.Repeat((byte)'t', 20_000)]),
        ("a dict in a key's tuple", [(byte)'}', .. Enumerable.Repeat((byte)0x85, 5000), (byte)'N', (byte)'s']),
        ("a key of tuples", [(byte)'}', (byte)'N', .. Enumerable.Repeat((byte)0x85, 50_000), (byte)'N', (byte)'s']),
        ("a key of tuples that double", [(byte)'}', .. Doubling(0x86, 0x32), (byte)'N', (byte)'s']),
        ("a list in itself", [(byte)']', (byte)'q', 9, (byte)'h', 9, (byte)'a']),
        ("a dict in itself", [(byte)'}', (byte)'q', 9, (byte)'N', (byte)'h', 9, (byte)'s']),
        ("a list in its own tuple", [(byte)']', (byte)'q', 9, (byte)'h', 9, 0x85, (byte)'a']),
        ("tuples that double", Doubling(0x86, 0x32)),
        ("lists that double", [(byte)']', .. Enumerable.Repeat("q\0]q\u0001h\0ah\0a0h\u0001"u8.ToArray(), 60).SelectMany(code => code)]),
        ("a call", [(byte)'R']), ("a new object", [0x81]), ("a new object of keywords", [0x92]), ("INST", [.. "(ios\nsystem\n"u8]),
        ("OBJ", [(byte)'o']), ("a state", [(byte)'}', (byte)'b']), ("an extension", [0x82, 1]),
        ("a long extension", [0x84, 255, 255, 255, 127]), ("a persistent id", [(byte)'Q']),
        ("a persistent id in text", [.. "P../../lowrank-fuzz-escaped\n"u8]), ("a buffer", [0x97]), ("a buffer to read", [0x98]),
        ("a name from the stack", [0x93]), ("an opcode that is none", [0xff]), ("a zero", [0]),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. codes.Select(code => new Mutation($"pickle: {code.Name}", (bytes, random) =>
            Edit(bytes, list => list.Insert(random.Next(list.Count), code.Code)))),
        new("pickle: an opcode taken out", (bytes, random) => Edit(bytes, list => list.RemoveAt(random.Next(list.Count)))),
        new("pickle: an opcode doubled", (bytes, random) => Edit(bytes, list => list.Insert(random.Next(list.Count), list.Any(random)))),
        new("pickle: opcodes exchanged", (bytes, random) =>
            Edit(bytes, list => { int i = random.Next(list.Count), j = random.Next(list.Count); (list[i], list[j]) = (list[j], list[i]); })),
        new("pickle: neighbours exchanged", (bytes, random) =>
            Edit(bytes, list => { int i = random.Next(list.Count), j = Math.Max(0, i - 1); (list[i], list[j]) = (list[j], list[i]); })),
        new("pickle: another opcode", (bytes, random) =>
            Edit(bytes, list => { int i = random.Next(list.Count); list[i] = [(byte)random.Next(256), .. list[i][1..]]; })),
        new("pickle: another name", (bytes, random) => Edit(bytes, list => Replace(list, random, 'c', _ => Global(random)))),
        new("pickle: a name called", (bytes, random) =>
            Edit(bytes, list => list.Insert(random.Next(list.Count), [.. Global(random), (byte)'(', .. Text("true"), (byte)'t', (byte)'R']))),
        new("pickle: a name of two texts called", (bytes, random) =>
            Edit(bytes, list => list.Insert(random.Next(list.Count), [.. Text("os"), .. Text("system"), 0x93, .. Text("true"), 0x85, (byte)'R']))),
        .. Enumerable.Repeat(new Mutation("pickle: another number", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "KMJ\x8a", _ => Number(random)))), 12),
        .. Enumerable.Repeat(new Mutation("pickle: a number a little off", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "KM", code => [code[0], (byte)(code[1] + random.Next(-3, 4)), .. code[2..]]))), 6),
        .. Enumerable.Repeat(new Mutation("pickle: another text", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "X\x8c", _ => Text(Hostile.Names.Any(random))))), 6),
        .. Enumerable.Repeat(new Mutation("pickle: the text of another place", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "X", _ => list.Where(code => code[0] == 'X').ToList().Any(random)))), 6),
        new("pickle: a length", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "X", code => [code[0], .. BitConverter.GetBytes(unchecked((int)Hostile.Numbers.Any(random))), .. code[5..]]))),
        new("pickle: protocol 0's numbers", (bytes, random) =>
            Edit(bytes, list => Replace(list, random, "KMJ", _ => Encoding.ASCII.GetBytes($"I{Hostile.Numbers.Any(random)}\n")))),
        new("pickle: what follows it", (bytes, random) =>
            PickleCode.Split(bytes) is var (list, rest) && ByteMutations.All.Any(random).Change(rest, random) is { } other ? PickleCode.Join(list, other) : null),
    ];

    static byte[]? Edit(byte[] bytes, Action<List<byte[]>> change)
    {
        var (list, rest) = PickleCode.Split(bytes);
        if (list.Count == 0) return null;
        change(list);
        return PickleCode.Join(list, rest);
    }

    static void Replace(List<byte[]> list, Random random, string kinds, Func<byte[], byte[]> with)
    {
        var places = Enumerable.Range(0, list.Count).Where(i => list[i].Length > 0 && kinds.Contains((char)list[i][0])).ToList();
        if (places.Count > 0 && places.Any(random) is var at) list[at] = with(list[at]);
    }

    static void Replace(List<byte[]> list, Random random, char kind, Func<byte[], byte[]> with) => Replace(list, random, kind.ToString(), with);

    static byte[] Global(Random random) => names.Any(random) is var (module, name) ? Encoding.UTF8.GetBytes($"c{module}\n{name}\n") : [];

    static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    static byte[] Number(Random random)
    {
        var number = random.Next(8) == 0 ? BigInteger.Pow(2, random.Next(60, 500)) : Hostile.Numbers.Any(random);
        return [0x8a, (byte)number.ToByteArray().Length, .. number.ToByteArray()];
    }

    // A tuple of twice a tuple of twice ...
    static byte[] Doubling(byte pair, byte again) => [(byte)')', .. Enumerable.Repeat(new[] { again, pair }, 60).SelectMany(code => code)];
}
