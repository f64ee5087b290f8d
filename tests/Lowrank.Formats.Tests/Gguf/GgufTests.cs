
namespace Lowrank.Formats.Tests;

public sealed class GgufTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly GgufEntry[] everyType =
    [
        new("u8", (byte)200), new("i8", (sbyte)-100), new("u16", (ushort)60_000), new("i16", (short)-30_000), new("u32", 4_000_000_000u), new("i32", -2_000_000_000),
        new("f32", 1.5f), new("bool", true), new("string", "Grüße, 世界 \U0001F600"), new("u64", ulong.MaxValue), new("i64", long.MinValue), new("f64", Math.PI), new("empty", ""),
        new("array of u8", GgufArray.Of<byte>([1, 255])), new("array of i16", GgufArray.Of<short>([-1, 2])), new("array of u32", GgufArray.Of<uint>([1, uint.MaxValue])),
        new("array of f32", GgufArray.Of<float>([0.5f, -1])), new("array of bool", GgufArray.Of<bool>([true, false])), new("array of i64", GgufArray.Of<long>([long.MinValue, 3])),
        new("array of text", new GgufArray(["", "a", "ä"])), new("array of nothing", GgufArray.Of<int>([])),
        new("array of arrays", new GgufArray([GgufArray.Of<int>([1, 2]), GgufArray.Of<int>([])])),
        new("array of arrays of text", new GgufArray([new GgufArray(["x"]), new GgufArray(["y", "z"])])),
    ];

    [Fact]
    public void MetadataOfEveryTypeComeBackInTheirOrder()
    {
        Gguf.Save(folder.File("x"), everyType, []);
        using var file = Gguf.Open(folder.File("x"));
        Assert.Equal(everyType.Select(entry => (entry.Key, entry.TypeWord, entry.Shown)), file.Entries.Select(entry => (entry.Key, entry.TypeWord, entry.Shown)));
        foreach (var (want, got) in everyType.Zip(file.Entries))
            if (want.Value is not GgufArray) Assert.Equal(want.Value, got.Value);
        Assert.Equal(["", "a", "ä"], file.Entries.Array("array of text")!.Texts());
        Assert.Equal([1L, 0], file.Entries.Array("array of bool")!.Integers());
        Assert.Equal([-1L, 2], file.Entries.Array("array of i16")!.Integers());
        Assert.Equal([0.5, -1], file.Entries.Array("array of f32")!.Floats());
        Assert.Equal(["y", "z"], file.Entries.Array("array of arrays of text")!.Arrays()[1].Texts());
        Assert.Equal("4000000000", file.Metadata["u32"]);
        using var again = new MemoryStream();
        Gguf.Write(again, file.Entries, []);
        Assert.Equal(File.ReadAllBytes(file.Path), again.ToArray());
    }

    [Fact]
    public void AValueOfAnotherKindThanAskedForIsAnError()
    {
        var metadata = new GgufMetadata(everyType);
        Assert.Equal(200, metadata.Integer("u8"));
        Assert.Equal(-100, metadata.Number("i8"));
        Assert.Equal(1.5, metadata.Number("f32"));
        Assert.True(metadata.Flag("bool"));
        Assert.Null(metadata.Integer("nothing"));
        Assert.Contains("'string' is string", Assert.Throws<LowrankException>(() => metadata.Integer("string")).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => metadata.Integer("u64"));
        Assert.Throws<LowrankException>(() => metadata.Text("u8"));
        Assert.Throws<LowrankException>(() => metadata.Flag("u8"));
        Assert.Throws<LowrankException>(() => metadata.Array("u8"));
        Assert.Throws<LowrankException>(() => metadata.Array("array of u8")!.Texts());
        Assert.Throws<LowrankException>(() => metadata.Array("array of text")!.Integers());
        Assert.Throws<LowrankException>(() => new GgufMetadata([new("a", 1u), new("a", 2u)]));
        Assert.Throws<LowrankException>(() => new GgufEntry("a", 1m).Type);
    }

    public static TheoryData<string> Types => [.. BlockFormats.All.Select(format => format.Name), "F32"];

    [Theory, MemberData(nameof(Types))]
    public void TensorsOfEveryTypeComeBackAsRounded(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var dtype = BlockFormats.Named(name)?.Dtype ?? TensorDtype.F32;
        var weight = randn(3, 512);
        Gguf.Save(folder.File("x"), [new("general.alignment", 64u)], [new(new("a", dtype, [3, 512]), () => weight.alias()), new(new("b", TensorDtype.F32, [5]), () => arange(5, ScalarType.Float32))]);
        using var file = Containers.Open(folder.File("x"));
        Assert.Equal("GGUF", file.Container);
        Assert.Equal(dtype, file.Tensors[0].Dtype);
        Assert.Equal([3L, 512], file.Tensors[0].Shape);
        Assert.Equal(4, file.Read("b")[4].ToDouble());
        var read = file.Read("a").to(ScalarType.Float32);
        double error = (read - weight).square().mean().ToDouble() / weight.square().mean().ToDouble();
        Assert.True(error < (name[0] == 'T' ? 0.85 : name.Contains('2', StringComparison.Ordinal) ? 0.12 : 0.04), $"{error}");
        // Again by its blocks, and by its values, which are rounded to themselves where codes have no rest.
        var gguf = (GgufFile)file;
        using var again = new MemoryStream();
        Gguf.Write(again, gguf.Entries, gguf.Tensors.Select(info => gguf.SourceOf(info.Name)));
        Assert.Equal(File.ReadAllBytes(file.Path), again.ToArray());
    });

    [Fact]
    public void WhatAFileCannotHoldIsRefused() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        string path = folder.File("x");
        var q8 = BlockFormats.Q8_0.Dtype;
        Assert.Contains("no multiple of 32", Fault([new(new("x", q8, [2, 33]), () => zeros(2, 33))]), StringComparison.Ordinal);
        Assert.Contains("given twice", Fault([new(new("x", q8, [32]), () => zeros(32)), new(new("x", q8, [32]), () => zeros(32))]), StringComparison.Ordinal);
        Assert.Contains("holds no BOOL", Fault([new(new("x", TensorDtype.BOOL, [2]), () => zeros(2))]), StringComparison.Ordinal);
        Assert.Contains("more than the 4 axes", Fault([new(new("x", TensorDtype.F32, [1, 1, 1, 1, 1]), () => zeros(new long[] { 1, 1, 1, 1, 1 }))]), StringComparison.Ordinal);
        Assert.Contains("came as", Fault([new(new("x", q8, [32]), () => zeros(64))]), StringComparison.Ordinal);
        Assert.Contains("made of floats", Fault([new(new("x", q8, [32]), () => zeros(32, ScalarType.Int64))]), StringComparison.Ordinal);
        Assert.Contains("element 3 is NaN", Fault([new(new("x", q8, [32]), () => { var x = zeros(32); x[3] = float.NaN; return x; })]), StringComparison.Ordinal);
        Assert.Contains("power of two", Assert.Throws<LowrankException>(() => Gguf.Save(path, [new("general.alignment", 33u)], [])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));

        string Fault(TensorSource[] tensors) => Assert.Throws<LowrankException>(() => Gguf.Save(path, [], tensors)).Message;
    });

    [Fact]
    public void ManyThreadsRoundAsOneDoes() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var weight = randn(1100, 2048);   // more than a piece
        var whole = new byte[1100 * 2048 / 32 * 34];
        BlockFormats.Q8_0.Encode(weight.data<float>().ToArray(), whole);
        using var file = new MemoryStream();
        Gguf.Write(file, [], [new(new("x", BlockFormats.Q8_0.Dtype, [1100, 2048]), () => weight.alias())]);
        Assert.True(file.ToArray().AsSpan()[^whole.Length..].SequenceEqual(whole));
    });

    [Fact]
    public void OpeningSevenGigabytesTakesUnderATenthOfASecond()
    {
        const int Tensors = 400, Tokens = 150_000;
        const ulong Rows = 1024, Columns = 32 * 512, Bytes = Rows * Columns / 32 * 34;   // 17 MB each
        var head = GgufBytes.Begin(Tensors, 1).Key("tokenizer.ggml.tokens", 9).Number(8u).Number((ulong)Tokens);
        for (int i = 0; i < Tokens; i++) head.Text($"token{i}");
        for (int i = 0; i < Tensors; i++) head.Tensor($"blk.{i}.attn_q.weight", 8, (ulong)i * Bytes, Columns, Rows);
        byte[] bytes = head.Data(0);
        SparseFile.Create(folder.File("x"), bytes, bytes.Length + Tensors * (long)Bytes);
        Assert.True(new FileInfo(folder.File("x")).Length > 7_000_000_000);
        BestTime.AssertBelow(TimeSpan.FromMilliseconds(100), () => Gguf.Open(folder.File("x")).Dispose());
        using var file = Gguf.Open(folder.File("x"));
        Assert.Equal(Tensors, file.Tensors.Count);
        Assert.Equal("token149999", file.Entries.Array("tokenizer.ggml.tokens")!.Texts()[^1]);
    }
}
