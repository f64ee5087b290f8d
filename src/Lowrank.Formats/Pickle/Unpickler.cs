namespace Lowrank.Formats;

/// <summary>Reads one pickle (protocols 0 to 5) into plain data and descriptions of tensors. It knows no class but those of
/// <see cref="PickledNames"/>, so nothing can be made to run.</summary>
/// <remarks>Values: null, bool, long, BigInteger, double, string, byte[], List&lt;object?&gt;, <see cref="PickledTuple"/>,
/// <see cref="PickledDict"/>, <see cref="PickledName"/>, <see cref="PickledStorage"/>, <see cref="PickledTensor"/>,
/// <see cref="NumpyDtype"/>. What the opcodes do stands in <see cref="PickleOpcodes"/>.</remarks>
sealed class Unpickler
{
    const int HighestProtocol = 5;

    readonly Func<object?[], PickledStorage> storageOf;
    readonly PickleLimits limits;
    readonly Dictionary<long, object?> memo = [];
    long steps;

    Unpickler(Stream stream, PickleLimits limits, Func<object?[], PickledStorage> storageOf)
    {
        (this.limits, this.storageOf) = (limits, storageOf);
        Bytes = new(stream);
        Stack = new(Bytes);
    }

    /// <summary>What is still to be read.</summary>
    internal PickleBytes Bytes { get; }

    /// <summary>What was read.</summary>
    internal PickleStack Stack { get; }

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
            throw unpickler.Bytes.Fault("the pickle ends too early. Is the download incomplete?");
        }
        catch (ArgumentException error)
        {
            throw unpickler.Bytes.Fault(error.Message);
        }
    }

    object? Run()
    {
        while (Bytes.Opcode() is var code && code != PickleOpcodes.Stop)
        {
            Charge(1);
            var step = PickleOpcodes.All[code] ?? throw Bytes.Fault(
                $"the pickle has the opcode 0x{code:x2}, which no torch file needs. It may want to run a program; it was not followed");
            step(this);
        }
        return Stack.Pop();
    }

    void Charge(long cost)
    {
        if ((steps += cost) > limits.Steps)
            throw Bytes.Fault($"the pickle takes more than {limits.Steps} steps, more than tensors in a file of this size need");
    }

    internal void CheckProtocol(int protocol)
    {
        if (protocol > HighestProtocol)
            throw Bytes.Fault($"the pickle is of protocol {protocol}, and {HighestProtocol} is the highest known");
    }

    internal void Append(List<object?> values, string kind) => Stack.Top<List<object?>>(kind).AddRange(values);

    internal void PushDict(List<object?> values)
    {
        Stack.Push(new PickledDict());
        SetItems(values);
    }

    internal void SetItems(IReadOnlyList<object?> values)
    {
        var dict = Stack.Top<PickledDict>("dict");
        if (values.Count % 2 != 0) throw Bytes.Fault("a dict of the pickle has a key without a value");
        for (int i = 0; i < values.Count; i += 2) dict.Items.Add((values[i], values[i + 1]));
    }

    internal void Keep(long index) => memo[index] = Stack.Top();

    internal void KeepNext() => Keep(memo.Count);

    internal void Recall(long index) => Stack.Push(memo.TryGetValue(index, out var value) ? value
        : throw Bytes.Fault($"the pickle recalls number {index}, which it has not kept"));

    internal void PushName(object?[] parts) => PushName(parts[0] as string, parts[1] as string);

    internal void PushName(string? module, string? name)
    {
        if (module == null || name == null) throw Bytes.Fault("a name in the pickle is no text");
        var full = new PickledName(module, name);
        if (!PickledNames.Knows(full))
            throw Bytes.Fault($"the pickle names {Shown(full.ToString())}, which is neither a tensor nor plain data. " +
                "Loading it as Python does could run a program; nothing was run. " +
                "If you trust the file, save it as safetensors in the program it comes from");
        Stack.Push(full);
    }

    static string Shown(string name)
    {
        const int Longest = 200;
        return name.Length <= Longest ? name : name[..Longest] + "…";
    }

    internal void Call()
    {
        var arguments = Stack.Pop<PickledTuple>("tuple of arguments").Items;
        var name = Stack.Pop() as PickledName ?? throw Bytes.Fault("the pickle calls something that is no name");
        Charge(arguments.Sum(Copied));
        try
        {
            Stack.Push(PickledNames.Call(name, arguments));
        }
        catch (ArgumentException error)
        {
            throw Bytes.Fault($"the pickle calls {name}: {error.Message}");
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
    internal void Build(object? state)
    {
        switch (Stack.Top(), state)
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
                throw Bytes.Fault("the pickle sets the state of an object, which is not followed");
        }
    }

    internal void PushStorage() => Stack.Push(storageOf(Stack.Pop<PickledTuple>("storage's id").Items));
}
