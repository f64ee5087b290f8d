using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>What each opcode that is followed does, as of Python's Lib/pickletools.py.</summary>
/// <remarks>INST, OBJ, NEWOBJ_EX, the extension registry, textual persistent ids and out-of-band buffers are not: torch writes none of
/// them.</remarks>
static class PickleOpcodes
{
    internal const int Stop = '.';

    /// <summary>By the opcode's byte; null for one that is refused.</summary>
    internal static Action<Unpickler>?[] All { get; } = Table();

    static Action<Unpickler>?[] Table()
    {
        var table = new Action<Unpickler>?[256];
        foreach (var (code, step) in Framing().Concat(Numbers()).Concat(Texts()).Concat(Collections()).Concat(Memory()).Concat(Objects()))
            table[code] = step;
        return table;
    }

    static IEnumerable<(int Code, Action<Unpickler> Step)> Framing() =>
    [
        (0x80, p => p.CheckProtocol(p.Bytes.Take(1)[0])),
        (0x95, p => p.Bytes.Take(8)),   // a frame: its length is only a hint
        ('(', p => p.Stack.PushMark()),
        ('0', p => p.Stack.Pop()),
        ('1', p => p.Stack.PopToMark()),
        ('2', p => p.Stack.Push(p.Stack.Top())),
    ];

    static IEnumerable<(int Code, Action<Unpickler> Step)> Numbers() =>
    [
        ('N', p => p.Stack.Push(null)),
        (0x88, p => p.Stack.Push(true)),
        (0x89, p => p.Stack.Push(false)),
        ('K', p => p.Stack.Push((long)p.Bytes.Take(1)[0])),
        ('M', p => p.Stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(p.Bytes.Take(2)))),
        ('J', p => p.Stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(p.Bytes.Take(4)))),
        (0x8a, p => p.Stack.Push(p.Bytes.Whole(1))),
        (0x8b, p => p.Stack.Push(p.Bytes.Whole(4))),
        ('I', p => p.Stack.Push(p.Bytes.Line() switch { "00" => false, "01" => true, var text => p.Bytes.Whole(text) })),
        ('L', p => p.Stack.Push(p.Bytes.Whole(p.Bytes.Line().TrimEnd('L')))),
        ('G', p => p.Stack.Push(BinaryPrimitives.ReadDoubleBigEndian(p.Bytes.Take(8)))),
        ('F', p => p.Stack.Push(p.Bytes.Real(p.Bytes.Line()))),
    ];

    static IEnumerable<(int Code, Action<Unpickler> Step)> Texts() =>
    [
        ('X', p => p.Stack.Push(p.Bytes.Text(4))),
        (0x8c, p => p.Stack.Push(p.Bytes.Text(1))),
        (0x8d, p => p.Stack.Push(p.Bytes.Text(8))),
        ('T', p => p.Stack.Push(p.Bytes.Text(4))),   // Python 2's string
        ('U', p => p.Stack.Push(p.Bytes.Text(1))),
        ('S', p => p.Stack.Push(p.Bytes.Line().Trim('\'', '"'))),
        ('V', p => p.Stack.Push(p.Bytes.Line())),
        ('B', p => p.Stack.Push(p.Bytes.Take(p.Bytes.Length(4)))),
        ('C', p => p.Stack.Push(p.Bytes.Take(p.Bytes.Length(1)))),
        (0x8e, p => p.Stack.Push(p.Bytes.Take(p.Bytes.Length(8)))),
        (0x96, p => p.Stack.Push(p.Bytes.Take(p.Bytes.Length(8)))),
    ];

    // A set reads as a list.
    static IEnumerable<(int Code, Action<Unpickler> Step)> Collections() =>
    [
        (']', p => p.Stack.Push(new List<object?>())),
        ('l', p => p.Stack.Push(p.Stack.PopToMark())),
        ('a', p => p.Append([p.Stack.Pop()], "list")),
        ('e', p => p.Append(p.Stack.PopToMark(), "list")),
        (0x8f, p => p.Stack.Push(new List<object?>())),
        (0x90, p => p.Append(p.Stack.PopToMark(), "set")),
        (0x91, p => p.Stack.Push(p.Stack.PopToMark())),
        (')', p => p.Stack.Push(new PickledTuple([]))),
        ('t', p => p.Stack.Push(new PickledTuple([.. p.Stack.PopToMark()]))),
        (0x85, p => p.Stack.Push(new PickledTuple(p.Stack.Pop(1)))),
        (0x86, p => p.Stack.Push(new PickledTuple(p.Stack.Pop(2)))),
        (0x87, p => p.Stack.Push(new PickledTuple(p.Stack.Pop(3)))),
        ('}', p => p.Stack.Push(new PickledDict())),
        ('d', p => p.PushDict(p.Stack.PopToMark())),
        ('s', p => p.SetItems(p.Stack.Pop(2))),
        ('u', p => p.SetItems(p.Stack.PopToMark())),
    ];

    static IEnumerable<(int Code, Action<Unpickler> Step)> Memory() =>
    [
        ('p', p => p.Keep(p.Bytes.Index(p.Bytes.Line()))),
        ('q', p => p.Keep(p.Bytes.Take(1)[0])),
        ('r', p => p.Keep(BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes.Take(4)))),
        (0x94, p => p.KeepNext()),
        ('g', p => p.Recall(p.Bytes.Index(p.Bytes.Line()))),
        ('h', p => p.Recall(p.Bytes.Take(1)[0])),
        ('j', p => p.Recall(BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes.Take(4)))),
    ];

    static IEnumerable<(int Code, Action<Unpickler> Step)> Objects() =>
    [
        ('c', p => p.PushName(p.Bytes.Line(), p.Bytes.Line())),
        (0x93, p => p.PushName(p.Stack.Pop(2))),
        ('R', p => p.Call()),
        (0x81, p => p.Call()),
        ('b', p => p.Build(p.Stack.Pop())),
        ('Q', p => p.PushStorage()),
    ];
}
