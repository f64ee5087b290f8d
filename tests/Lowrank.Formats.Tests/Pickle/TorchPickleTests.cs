using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Lowrank.Formats.Tests;

public sealed class TorchPickleTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public enum Kind { Zip, PackedZip, Legacy }

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    static readonly float[] numbers = [.. Enumerable.Range(0, 12).Select(i => (float)i)];

    static Stored Floats(long offset, long[] shape, long[] strides) => new("FloatStorage", "0", 12, offset, shape, strides);

    ITensorFile Open(Kind kind, object? root, params (int Elements, byte[] Bytes)[] storages)
    {
        var pickle = PickleWriter.Of(root);
        var bytes = kind == Kind.Legacy ? PickleWriter.Legacy(pickle, storages)
            : PickleWriter.Zip(pickle, [.. storages.Select(storage => storage.Bytes)], kind == Kind.Zip ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
        return Containers.Open(folder.File("x.pt", bytes));
    }

    static (int, byte[]) Storage => (12, MemoryMarshal.AsBytes<float>(numbers).ToArray());

    [Theory, MemberData(nameof(Kinds))]
    public void StridesOffsetsAndSharedStoragesAreFollowed(Kind kind) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var file = Open(kind, new Dictionary<string, object?>
        {
            ["plain"] = Floats(0, [3, 4], [4, 1]),
            ["turned"] = Floats(0, [4, 3], [1, 4]),
            ["part"] = Floats(5, [2, 2], [4, 1]),
            ["scalar"] = Floats(7, [], []),
            ["repeated"] = Floats(2, [3, 2], [0, 1]),
            ["empty"] = Floats(12, [0, 4], [4, 1]),
        }, Storage);
        Assert.Equal(kind == Kind.Legacy ? "torch legacy pickle" : "torch zip", file.Container);
        Assert.Equal(["plain", "turned", "part", "scalar", "repeated", "empty"], file.Tensors.Select(t => t.Name));
        var whole = arange(12, ScalarType.Float32).view(3, 4);
        Bits.AssertSame(whole, file.Read("plain"));
        Bits.AssertSame(whole.t().contiguous(), file.Read("turned"));
        Bits.AssertSame(tensor(new float[] { 5, 6, 9, 10 }).view(2, 2), file.Read("part"));
        Bits.AssertSame(tensor(7f), file.Read("scalar"));
        Bits.AssertSame(tensor(new float[] { 2, 3, 2, 3, 2, 3 }).view(3, 2), file.Read("repeated"));
        Bits.AssertSame(zeros(0, 4), file.Read("empty"));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void NamesAreDottedPathsWithoutTheLevelStateDictAndPlainDataAreMetadata(Kind kind)
    {
        var one = Floats(0, [1], [1]);
        using var file = Open(kind, new Dictionary<string, object?>
        {
            ["state_dict"] = new Dictionary<string, object?> { ["unet.weight"] = one, ["state_dict"] = new Dictionary<string, object?> { ["deep"] = one } },
            ["list"] = new object?[] { one, new object?[] { one, "text" } },
            ["epoch"] = 3,
            ["loss"] = 0.25,
            ["done"] = true,
            ["nothing"] = null,
            ["name"] = "run é",
        }, Storage);
        Assert.Equal(["unet.weight", "state_dict.deep", "list.0", "list.1.0"], file.Tensors.Select(t => t.Name));
        Assert.Equal(new Dictionary<string, string> { ["list.1.1"] = "text", ["epoch"] = "3", ["loss"] = "0.25", ["done"] = "True", ["name"] = "run é" }, file.Metadata);
    }

    [Theory]
    [InlineData("DoubleStorage", "F64")]
    [InlineData("FloatStorage", "F32")]
    [InlineData("HalfStorage", "F16")]
    [InlineData("BFloat16Storage", "BF16")]
    [InlineData("LongStorage", "I64")]
    [InlineData("IntStorage", "I32")]
    [InlineData("ShortStorage", "I16")]
    [InlineData("CharStorage", "I8")]
    [InlineData("ByteStorage", "U8")]
    [InlineData("BoolStorage", "BOOL")]
    public void EveryClassOfStorageIsRead(string storage, string dtypeName)
    {
        var dtype = TensorDtypes.Named(dtypeName)!;
        using var scope = NewDisposeScope();
        var want = Bits.Random(dtype, [2, 3]);
        foreach (var kind in Enum.GetValues<Kind>())
        {
            using var file = Open(kind, new object?[] { new Stored(storage, "0", 6, 0, [2, 3], [3, 1]) }, (6, want.bytes.ToArray()));
            Assert.Equal(dtype, Assert.Single(file.Tensors).Dtype);
            Bits.AssertSame(want, file.Read("0"));
        }
    }

    [Theory]
    [InlineData("uint16", "U16")]
    [InlineData("uint32", "U32")]
    [InlineData("uint64", "U64")]
    [InlineData("float8_e4m3fn", "F8_E4M3")]
    [InlineData("float8_e5m2", "F8_E5M2")]
    public void TypesWithoutAStorageClassOfTheirOwnAreRead(string name, string dtypeName)
    {
        var dtype = TensorDtypes.Named(dtypeName)!;
        using var scope = NewDisposeScope();
        var want = Bits.Random(dtype, [5]);
        var bytes = want.bytes.ToArray();
        using var file = Open(Kind.Zip, new object?[] { new Stored("UntypedStorage", "0", bytes.Length, 1, [3], [1], name) }, (5, bytes));
        Bits.AssertSame(want.narrow(0, 1, 3).contiguous(), file.Read("0"));
    }

    [Fact]
    public void AViewOfAStorageInALegacyFileBeginsWhereItSays()
    {
        using var scope = NewDisposeScope();
        using var file = Open(Kind.Legacy, new object?[] { Floats(1, [2], [1]) with { View = w => w.Tuple("view", 4, 3) } }, Storage);
        Bits.AssertSame(tensor(new float[] { 5, 6 }), file.Read("0"));
    }

    [Fact]
    public void ParametersAndTheVersionsOfAStateDictAreUnderstood()
    {
        Action<PickleWriter> root = w => w.Global("collections", "OrderedDict").Tuple().Call()
            .Raw((byte)'(').Value("weight").Value((Action<PickleWriter>)(p => p.Global("torch._utils", "_rebuild_parameter").Tuple(Floats(0, [3], [1]), true, null).Call())).Raw((byte)'u')
            .Value(new Dictionary<string, object?> { ["_metadata"] = new Dictionary<string, object?>() }).Raw((byte)'b');
        using var file = Open(Kind.Zip, root, Storage);
        Assert.Equal("weight", Assert.Single(file.Tensors).Name);
    }

    [Fact]
    public void WhatTrainersLeaveInCheckpointsIsUnderstood()
    {
        Action<PickleWriter> type = w => w.Global("numpy", "dtype").Tuple("f8", false, true).Call().Tuple(3, "<", null).Raw((byte)'b');
        Action<PickleWriter> bytes = w => w.Global("_codecs", "encode").Tuple("\0\0\0\0\0\0\u00f8\u003f", "latin1").Call();
        Action<PickleWriter> loss = w => w.Global("numpy.core.multiarray", "scalar").Tuple(type, bytes).Call();
        Action<PickleWriter> embedding = w => w.Global("torch.nn.modules.container", "ParameterDict").Tuple().Raw(0x81)
            .Value(new Dictionary<string, object?> { ["training"] = true, ["_parameters"] = new Dictionary<string, object?> { ["*"] = Floats(0, [3], [1]) } }).Raw((byte)'b');
        Action<PickleWriter> callbacks = w => w.Raw((byte)'}').Global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint").Value(new Dictionary<string, object?> { ["best"] = loss }).Raw((byte)'s');
        using var file = Open(Kind.Zip, new Dictionary<string, object?> { ["string_to_param"] = embedding, ["callbacks"] = callbacks }, Storage);
        Assert.Equal("string_to_param.*", Assert.Single(file.Tensors).Name);
        Assert.Equal(KeyValuePair.Create("callbacks.pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint.best", "1.5"), Assert.Single(file.Metadata));
    }

    [Fact]
    public void ATensorSavedBareIsCalledTensor()
    {
        using var file = Open(Kind.Zip, Floats(0, [3], [1]), Storage);
        Assert.Equal("tensor", Assert.Single(file.Tensors).Name);
    }

    [Fact]
    public void TextualProtocolsAreRead()
    {
        var pickle = "(dp0\nVa\np1\nI7\nsVb\nL8L\nsVc\nF1.5\nsVd\nI01\nsVe\ng1\ns."u8.ToArray();
        using var file = Containers.Open(folder.File("x.pt", PickleWriter.Legacy(pickle)));
        Assert.Equal(new Dictionary<string, string> { ["a"] = "7", ["b"] = "8", ["c"] = "1.5", ["d"] = "True", ["e"] = "a" }, file.Metadata);
    }
}
