using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lowrank.Formats;

/// <summary>Reads one pickle (protocols 0 to 5) into plain data and descriptions of tensors. It knows no class but those of <see
/// cref="PickledNames"/>, so nothing can be made to run.</summary>
/// <remarks>Values: null, bool, long, BigInteger, double, string, byte[], List&lt;object?&gt;, <see cref="PickledTuple"/>,
/// <see cref="PickledDict"/>,
/// <see cref="PickledName"/>, <see cref="PickledStorage"/>, <see cref="PickledTensor"/>, <see cref="NumpyDtype"/>. Opcodes as of Python's
/// Lib/pickletools.py.</remarks>
sealed class Unpickler
{
    static readonly object mark = new();

    readonly Stream stream;
    readonly long end;
    readonly Func<object?[], PickledStorage> storageOf;
    readonly PickleLimits limits;
    readonly List<object?> stack = [];
    readonly Dictionary<long, object?> memo = [];
    long at, steps;

    Unpickler(Stream stream, PickleLimits limits, Func<object?[], PickledStorage> storageOf)
    {
        (this.stream, this.limits, this.storageOf) = (stream, limits, storageOf);
        end = stream.Length;   // asked once: of a file, each asking is a call of the system
    }

    /// <summary>Reads up to the pickle's stop, and leaves the stream behind it.</summary>
    /// <param name="stream">A stream that knows its position and length.</param>
    /// <param name="limits">What it may ask for.</param>
    /// <param name="storageOf">Describes the storage that a persistent id names; an <see cref="ArgumentException"/> refuses it.</param>
    /// <exception cref="PickleException">It names something that is not allowed, or is damaged.</exception>
    internal static object? Read(Stream stream, PickleLimits limits, Func<object?[], PickledStorage> storageOf)
    {
        var unpickler = new Unpickler(stream, limits, storageOf);
        try
        {
            return unpickler.Run();
        }
        catch (EndOfStreamException)
        {
            throw unpickler.Fault("the pickle ends too early. Is the download incomplete?");
        }
        catch (ArgumentException error)
        {
            throw unpickler.Fault(error.Message);
        }
    }

    object? Run()
    {
        while (true)
        {
            at = stream.Position;
            int code = stream.ReadByte();
            if (code < 0) throw new EndOfStreamException();
            if (code == '.') return Pop();
            Charge(1);
            Step(code);
        }
    }

    void Charge(long cost)
    {
        if ((steps += cost) > limits.Steps) throw Fault($"the pickle takes more than {limits.Steps} steps, more than tensors in a file of this size need");
    }

    void Step(int code)
    {
        switch (code)
        {
            case 0x80: ReadProtocol(); break;
            case 0x95: Bytes(8); break;   // a frame: its length is only a hint
            case '(': stack.Add(mark); break;
            case '0': Pop(); break;
            case '1': PopToMark(); break;
            case '2': stack.Add(Top()); break;

            case 'N': stack.Add(null); break;
            case 0x88: stack.Add(true); break;
            case 0x89: stack.Add(false); break;
            case 'K': stack.Add((long)Bytes(1)[0]); break;
            case 'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 0x8a: stack.Add(Whole(Bytes(Length(1, PickleLimits.NumberBytes)))); break;
            case 0x8b: stack.Add(Whole(Bytes(Length(4, PickleLimits.NumberBytes)))); break;
            case 'I': stack.Add(Line() switch { "00" => false, "01" => true, var text => Whole(text) }); break;
            case 'L': stack.Add(Whole(Line().TrimEnd('L'))); break;
            case 'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'F': stack.Add(double.TryParse(Line(), CultureInfo.InvariantCulture, out double real) ? real : throw Fault("a number is misspelled")); break;

            case 'X': stack.Add(Text(Length(4))); break;
            case 0x8c: stack.Add(Text(Length(1))); break;
            case 0x8d: stack.Add(Text(Length(8))); break;
            case 'T': stack.Add(Text(Length(4))); break;   // Python 2's string
            case 'U': stack.Add(Text(Length(1))); break;
            case 'S': stack.Add(Line().Trim('\'', '"')); break;
            case 'V': stack.Add(Line()); break;
            case 'B': stack.Add(Bytes(Length(4))); break;
            case 'C': stack.Add(Bytes(Length(1))); break;
            case 0x8e or 0x96: stack.Add(Bytes(Length(8))); break;

            case ']': stack.Add(new List<object?>()); break;
            case 'l': stack.Add(PopToMark()); break;
            case 'a': { var value = Pop(); Top<List<object?>>("list").Add(value); break; }
            case 'e': { var values = PopToMark(); Top<List<object?>>("list").AddRange(values); break; }
            case 0x8f: stack.Add(new List<object?>()); break;   // a set reads as a list
            case 0x90: { var values = PopToMark(); Top<List<object?>>("set").AddRange(values); break; }
            case 0x91: stack.Add(PopToMark()); break;
            case ')': stack.Add(new PickledTuple([])); break;
            case 't': stack.Add(new PickledTuple([.. PopToMark()])); break;
            case 0x85 or 0x86 or 0x87: stack.Add(new PickledTuple(Pop(code - 0x84))); break;
            case '}': stack.Add(new PickledDict()); break;
            case 'd': { var values = PopToMark(); stack.Add(new PickledDict()); SetItems(values); break; }
            case 's': SetItems([.. Pop(2)]); break;
            case 'u': SetItems(PopToMark()); break;

            case 'p': memo[Index(Line())] = Top(); break;
            case 'q': memo[Bytes(1)[0]] = Top(); break;
            case 'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Top(); break;
            case 0x94: memo[memo.Count] = Top(); break;
            case 'g': Recall(Index(Line())); break;
            case 'h': Recall(Bytes(1)[0]); break;
            case 'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;

            case 'c': { string module = Line(); Name(module, Line()); break; }
            case 0x93: { var parts = Pop(2); Name(parts[0] as string, parts[1] as string); break; }
            case 'R' or 0x81: { var arguments = Pop<PickledTuple>("tuple of arguments"); Call(Pop(), arguments.Items); break; }
            case 'b': Build(Pop()); break;
            case 'Q': stack.Add(storageOf(Pop<PickledTuple>("storage's id").Items)); break;

            // INST, OBJ, NEWOBJ_EX, the extension registry, textual persistent ids, out-of-band buffers: torch writes none of them.
            default:
                throw Fault($"the pickle has the opcode 0x{code:x2}, which no torch file needs. It may want to run a program; it was not followed");
        }
    }

    void ReadProtocol()
    {
        int protocol = Bytes(1)[0];
        if (protocol > 5) throw Fault($"the pickle is of protocol {protocol}, and 5 is the highest known");
    }

    void Name(string? module, string? name)
    {
        if (module == null || name == null) throw Fault("a name in the pickle is no text");
        var full = new PickledName(module, name);
        if (!PickledNames.Knows(full))
            throw Fault($"the pickle names {Shown(full.ToString())}, which is neither a tensor nor plain data. " +
                "Loading it as Python does could run a program; nothing was run. If you trust the file, save it as safetensors in the program it comes from");
        stack.Add(full);
    }

    void Call(object? callee, object?[] arguments)
    {
        var name = callee as PickledName ?? throw Fault("the pickle calls something that is no name");
        Charge(arguments.Sum(Copied));
        try
        {
            stack.Add(PickledNames.Call(name, arguments));
        }
        catch (ArgumentException error)
        {
            throw Fault($"the pickle calls {name}: {error.Message}");
        }
    }

    // A call copies what it is given, and may be given the same as often as the pickle likes.
    static long Copied(object? argument) => argument switch
    {
        List<object?> list => list.Count,
        PickledTuple tuple => tuple.Items.Length,
        string text => text.Length / 64,
        _ => 0,
    };

    // Of a dict: a state dict carries its versions, which say nothing here; a ParameterDict its items. Of numpy's types: the byte order.
    void Build(object? state)
    {
        switch (Top(), state)
        {
            case (PickledDict dict, PickledDict attributes):
                if (attributes["_parameters"] is not PickledDict parameters) break;
                Charge(parameters.Items.Count);
                dict.Items.AddRange(parameters.Items);
                break;
            case (NumpyDtype dtype, PickledTuple { Items: [_, string order, ..] }):
                dtype.IsBigEndian = order == ">";
                break;
            default:
                throw Fault("the pickle sets the state of an object, which is not followed");
        }
    }

    void SetItems(List<object?> values)
    {
        var dict = Top<PickledDict>("dict");
        if (values.Count % 2 != 0) throw Fault("a dict of the pickle has a key without a value");
        for (int i = 0; i < values.Count; i += 2) dict.Items.Add((values[i], values[i + 1]));
    }

    void Recall(long index) => stack.Add(memo.TryGetValue(index, out var value) ? value
        : throw Fault($"the pickle recalls number {index}, which it has not kept"));

    object? Top() => stack.Count > 0 && stack[^1] != mark ? stack[^1] : throw Fault("the pickle takes a value where there is none");

    T Top<T>(string kind) where T : class => Top() as T ?? throw Fault($"the pickle treats a value as a {kind} that is none");

    object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    T Pop<T>(string kind) where T : class => Pop() as T ?? throw Fault($"the pickle treats a value as a {kind} that is none");

    object?[] Pop(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    List<object?> PopToMark()
    {
        int start = stack.LastIndexOf(mark);
        if (start < 0) throw Fault("the pickle goes back to a mark that is not there");
        var values = stack.GetRange(start + 1, stack.Count - start - 1);
        stack.RemoveRange(start, stack.Count - start);
        return values;
    }

    byte[] Bytes(int count)
    {
        if (count > end - stream.Position) throw new EndOfStreamException();
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    int Length(int width, int most = PickleLimits.TextBytes)
    {
        var bytes = Bytes(width);
        ulong length = 0;
        for (int i = width - 1; i >= 0; i--) length = length << 8 | bytes[i];
        if (length > (ulong)most) throw Fault($"the pickle holds a text or number of {length} bytes, more than the {most} allowed");
        return (int)length;
    }

    string Text(int count) => Encoding.UTF8.GetString(Bytes(count));

    string Line()
    {
        var line = new List<byte>();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0) throw new EndOfStreamException();
            line.Add((byte)next);
            if (line.Count > 1 << 16) throw Fault("a line of the pickle does not end");
        }
        return Encoding.UTF8.GetString([.. line]);
    }

    object Whole(string text)
    {
        // Parsing long texts of digits takes quadratic time.
        if (text.Length > 400 || !BigInteger.TryParse(text, CultureInfo.InvariantCulture, out var number)) throw Fault("a number is misspelled");
        return Small(number);
    }

    static object Whole(byte[] bytes) => Small(new BigInteger(bytes));

    static object Small(BigInteger number)
    {
        if (number < long.MinValue || number > long.MaxValue) return number;
        long small = (long)number;
        return small;
    }

    long Index(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long index) ? index : throw Fault("a number is misspelled");

    static string Shown(string name) => name.Length <= 200 ? name : name[..200] + "…";

    PickleException Fault(string what) => new(what, at);
}
