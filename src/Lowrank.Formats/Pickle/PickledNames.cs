namespace Lowrank.Formats;

/// <summary>Everything that a pickle may name, and the few names it may call. Whatever is not listed here is refused by name; nothing is
/// ever looked up in the program.</summary>
static class PickledNames
{
    const string Torch = "torch", TorchUtils = "torch._utils", Collections = "collections";

    static readonly Dictionary<string, TensorDtype> storages = new()
    {
        ["DoubleStorage"] = TensorDtype.F64,
        ["FloatStorage"] = TensorDtype.F32,
        ["HalfStorage"] = TensorDtype.F16,
        ["BFloat16Storage"] = TensorDtype.BF16,
        ["LongStorage"] = TensorDtype.I64,
        ["IntStorage"] = TensorDtype.I32,
        ["ShortStorage"] = TensorDtype.I16,
        ["CharStorage"] = TensorDtype.I8,
        ["ByteStorage"] = TensorDtype.U8,
        ["BoolStorage"] = TensorDtype.BOOL,
        ["UntypedStorage"] = TensorDtype.U8,
    };

    static readonly Dictionary<string, TensorDtype> dtypes = new()
    {
        ["float64"] = TensorDtype.F64,
        ["float32"] = TensorDtype.F32,
        ["float16"] = TensorDtype.F16,
        ["bfloat16"] = TensorDtype.BF16,
        ["float8_e4m3fn"] = TensorDtype.F8_E4M3,
        ["float8_e5m2"] = TensorDtype.F8_E5M2,
        ["int64"] = TensorDtype.I64,
        ["int32"] = TensorDtype.I32,
        ["int16"] = TensorDtype.I16,
        ["int8"] = TensorDtype.I8,
        ["uint8"] = TensorDtype.U8,
        ["bool"] = TensorDtype.BOOL,
        ["uint16"] = TensorDtype.U16,
        ["uint32"] = TensorDtype.U32,
        ["uint64"] = TensorDtype.U64,
    };

    static readonly Dictionary<PickledName, Func<object?[], object?>> calls = new()
    {
        [new(TorchUtils, "_rebuild_tensor")] = RebuildTensor,
        [new(TorchUtils, "_rebuild_tensor_v2")] = RebuildTensor,
        [new(TorchUtils, "_rebuild_tensor_v3")] = RebuildTensorOfDtype,
        [new(TorchUtils, "_rebuild_parameter")] = args => args is [PickledTensor tensor, ..] ? tensor : throw Unfit(),
        [new(Torch, "Size")] = args => args is [PickledTuple sizes] ? sizes : throw Unfit(),
        [new(Torch, "device")] = args => args is [string kind, ..] ? kind : throw Unfit(),
        [new(Collections, "OrderedDict")] = OrderedDict,
        // An embedding of the first textual inversion trainer lies in one; its items come as the object's state.
        [new("torch.nn.modules.container", "ParameterDict")] = args => args is [] ? new PickledDict() : throw Unfit(),
        [new("__builtin__", "set")] = Set,
        [new("builtins", "set")] = Set,
        [new("_codecs", "encode")] = args => args is [string text, "latin1"] ? System.Text.Encoding.Latin1.GetBytes(text) : throw Unfit(),
        [new("numpy", "dtype")] = args => args is [string code, ..] ? new NumpyDtype(code) : throw Unfit(),
        [new("numpy.core.multiarray", "scalar")] = Scalar,
        [new("numpy._core.multiarray", "scalar")] = Scalar,
    };

    // Mentioned without a call in checkpoints that trainers wrote: as the key of a callback's state, or as a setting.
    static readonly HashSet<PickledName> mentions =
    [
        new("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"),
        new("lightning.pytorch.callbacks.model_checkpoint", "ModelCheckpoint"),
    ];

    internal static bool Knows(PickledName name) =>
        calls.ContainsKey(name) || mentions.Contains(name) || StorageDtype(name) != null || Dtype(name) != null;

    /// <summary>Element type of a storage class; null for other names.</summary>
    internal static TensorDtype? StorageDtype(PickledName name) =>
        name.Module is Torch or "torch.cuda" or "torch.storage" && storages.TryGetValue(name.Name, out var dtype) ? dtype : null;

    /// <summary>The value of a call; null is a value too.</summary>
    /// <exception cref="ArgumentException">The name is not one to call, or the arguments do not fit it.</exception>
    internal static object? Call(PickledName name, object?[] arguments) =>
        calls.TryGetValue(name, out var call) ? call(arguments) : throw new ArgumentException("it is not a name to call");

    static TensorDtype? Dtype(object? name) =>
        name is PickledName { Module: Torch } of && dtypes.TryGetValue(of.Name, out var dtype) ? dtype : null;

    // storage, offset, shape, strides, requires_grad, backward hooks, metadata
    static PickledTensor RebuildTensor(object?[] arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, ..]) throw Unfit();
        if (arguments is [_, _, _, _, _, _, PickledDict { Items.Count: > 0 }, ..])
            throw new ArgumentException("a tensor is marked as conjugate or negative, which is not read");
        return Checked(new PickledTensor(storage, storage.Dtype, offset, Numbers(shape), Numbers(strides)));
    }

    // The same with a dtype before the metadata, over an untyped storage: for types that have no storage class.
    static PickledTensor RebuildTensorOfDtype(object?[] arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, _, _, PickledName name, ..])
            throw Unfit();
        var dtype = Dtype(name) ?? throw new ArgumentException($"the dtype {name} is not known");
        var typed = storage with { Dtype = dtype, Start = storage.Start / dtype.Size(), Count = storage.Bytes / dtype.Size() };
        return Checked(new PickledTensor(typed, dtype, offset, Numbers(shape), Numbers(strides)));
    }

    static PickledTensor Checked(PickledTensor tensor)
    {
        // Elements that stride 0 repeats cost nothing in the file; beyond this many bytes they would be a trap for memory.
        const long MostRepeated = 32 << 20;
        var (storage, dtype, offset, shape, strides) = tensor;
        if (shape.Length != strides.Length) throw new ArgumentException($"a tensor has {shape.Length} axes and {strides.Length} strides");
        if (shape.Length > TensorBytes.MostAxes)
            throw new ArgumentException($"a tensor has {shape.Length} axes, and the most are {TensorBytes.MostAxes}");
        if (offset < 0 || shape.Any(axis => axis < 0) || strides.Any(stride => stride < 0)) throw Odd("has a negative number");
        if (dtype.Block.BytesOf(shape) == null) throw Odd("has more elements than 63 bits can count");
        try
        {
            if (tensor.Count > 0 && checked(offset + tensor.Extent) > storage.Count)
                throw Odd($"reaches beyond the {storage.Count} elements of its storage");
            if (tensor.Count > Math.Max(storage.Count, MostRepeated / dtype.SizeInMemory()))
                throw Odd($"repeats the {storage.Count} elements of its storage too often");
            return tensor;
        }
        catch (OverflowException)
        {
            throw Odd("reaches beyond what 63 bits can count");
        }

        ArgumentException Odd(string what) =>
            new($"a tensor {what}: shape {shape.Text()}, strides {strides.Text()}, offset {offset}");
    }

    static PickledDict OrderedDict(object?[] arguments)
    {
        var dict = new PickledDict();
        var pairs = arguments switch
        {
            [] => [],
            [List<object?> list] => list,
            [PickledTuple tuple] => [.. tuple.Items],
            _ => throw Unfit(),
        };
        foreach (var pair in pairs)
            dict.Items.Add(pair switch
            {
                PickledTuple { Items: [var key, var value] } => (key, value),
                List<object?> and [var key, var value] => (key, value),
                _ => throw Unfit(),
            });
        return dict;
    }

    static object Scalar(object?[] arguments) =>
        arguments is [NumpyDtype dtype, byte[] bytes] ? NumpyScalar.Value(dtype, bytes) : throw Unfit();

    static List<object?> Set(object?[] arguments) => arguments is [List<object?> items] ? items : throw Unfit();

    static long[] Numbers(PickledTuple tuple) => [.. tuple.Items.Select(item => item is long number ? number : throw Unfit())];

    static ArgumentException Unfit() => new("its arguments are of other kinds than torch writes");
}
