namespace Lowrank.Formats.Tests;

/// <summary>Each is refused with its cause and place, before anything large is allocated.</summary>
public sealed class HostileGgufTests : IDisposable
{
    const uint F32 = 0, U32 = 4, Text = 8, Array = 9;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly (string Cause, Func<byte[]> Bytes)[] files =
    [
        ("the file ends within the version", () => "GGUF"u8.ToArray()),
        ("GGUF of version 1", () => GgufBytes.Begin(0, 0, version: 1).Bytes()),
        ("big-endian", () => GgufBytes.Begin(0, 0, version: 0x03000000).Bytes()),
        ("GGUF of version 4", () => GgufBytes.Begin(0, 0, version: 4).Bytes()),
        ("the number of tensors is given as 18446744073709551615", () => GgufBytes.Begin(ulong.MaxValue, 0).Bytes()),
        ("the number of metadata keys is given as 1000000", () => GgufBytes.Begin(0, 1_000_000).Bytes()),
        ("is said to have 10000000000 bytes", () => GgufBytes.Begin(0, 1).Number(10_000_000_000ul).Data(64)),
        ("the metadata 'a' is said to have 10000000000 bytes", () => GgufBytes.Begin(0, 1).Key("a", Text).Number(10_000_000_000ul).Data(64)),
        ("metadata key 0 is empty", () => GgufBytes.Begin(0, 1).Key("", U32).Number(1u).Data(64)),
        ("metadata key 0 is no UTF-8", () => GgufBytes.Begin(0, 1).Number(2ul).Raw([0xff, 0xfe]).Number(U32).Number(1u).Data(64)),
        ("'a' stands twice", () => GgufBytes.Begin(0, 2).Key("a", U32).Number(1u).Key("a", U32).Number(2u).Data(64)),
        ("has the type 13", () => GgufBytes.Begin(0, 1).Key("a", 13).Number(1u).Data(64)),
        ("the number of elements of the metadata 'a' is given as 4611686018427387904", () => GgufBytes.Begin(0, 1).Key("a", Array).Number(U32).Number(1ul << 62).Data(64)),
        ("the number of elements of the metadata 'a' is given as 9", () => GgufBytes.Begin(0, 1).Key("a", Array).Number(Text).Number(9ul).Raw(new byte[64]).Bytes()),
        ("arrays in arrays, deeper than 8", () => Enumerable.Range(0, 20).Aggregate(GgufBytes.Begin(0, 1).Key("a", Array), (bytes, _) => bytes.Number(Array).Number(1ul)).Data(64)),
        ("is string, and must be u32", () => GgufBytes.Begin(0, 1).Key("general.alignment", Text).Text("32").Data(64)),
        ("is 48, and must be a power of two", () => GgufBytes.Begin(0, 1).Key("general.alignment", U32).Number(48u).Data(64)),
        ("is 0, and must be a power of two", () => GgufBytes.Begin(0, 1).Key("general.alignment", U32).Number(0u).Data(64)),
        ("the tensor 'x' stands twice", () => GgufBytes.Begin(2, 0).Tensor("x", F32, 0, 4).Tensor("x", F32, 32, 4).Data(64)),
        ("has 5 axes", () => GgufBytes.Begin(1, 0).Tensor("x", F32, 0, 1, 1, 1, 1, 1).Data(64)),
        ("an axis of 'x' has the length 18446744073709551615", () => GgufBytes.Begin(1, 0).Tensor("x", F32, 0, ulong.MaxValue).Data(64)),
        ("more bytes than 63 bits can count", () => GgufBytes.Begin(1, 0).Tensor("x", F32, 0, 1ul << 40, 1ul << 40).Data(64)),
        ("'x' has the type 200, which is unknown here; known are 0 F32", () => GgufBytes.Begin(1, 0).Tensor("x", 200, 0, 4).Data(64)),
        ("'x' has the type 31 (Q4_0_4_4), which llama.cpp gave up", () => GgufBytes.Begin(1, 0).Tensor("x", 31, 0, 32).Data(64)),
        ("rows of shape (2, 33) are not whole blocks", () => GgufBytes.Begin(1, 0).Tensor("x", 8, 0, 33, 2).Data(128)),
        ("no multiple of the alignment, 32", () => GgufBytes.Begin(1, 0).Tensor("x", F32, 4, 4).Data(64)),
        ("has 64 bytes from byte 32 of the data on, and the file has 64", () => GgufBytes.Begin(1, 0).Tensor("x", F32, 32, 16).Data(64)),
        ("from byte 18446744073709551584", () => GgufBytes.Begin(1, 0).Tensor("x", F32, ulong.MaxValue - 31, 4).Data(64)),
        ("'y' shares bytes with 'x'", () => GgufBytes.Begin(2, 0).Tensor("x", F32, 0, 16).Tensor("y", F32, 32, 4).Data(64)),
        ("the file ends within", () => GgufBytes.Begin(1, 0).Text("x").Number(2u).Number(3ul).Bytes()),
    ];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, files.Length)];

    [Theory, MemberData(nameof(Places))]
    public void AFaultyFileIsRefusedWithItsCause(int place)
    {
        var (cause, bytes) = files[place];
        string path = folder.File("x", bytes());
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<LowrankException>(() => Containers.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        File.Delete(path);   // it was let go
    }

    [Fact]
    public void ATypeOfKnownSizeIsListedAndNamedWhereItIsRead() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        string path = folder.File("x", GgufBytes.Begin(2, 0).Tensor("x", 16, 0, 256).Tensor("y", F32, 96, 4).Data(128));
        using var file = Containers.Open(path);
        Assert.Equal("IQ2_XXS", file.Tensors[0].Dtype.Name);
        Assert.Equal(66, file.Tensors[0].Bytes);
        Assert.Contains("IQ2_XXS are not read", Assert.Throws<LowrankException>(() => file.Read("x")).Message, StringComparison.Ordinal);
        Assert.Equal([4L], file.Read("y").shape);
    });

    [Fact]
    public void BytesOfNoTensorAreNoted()
    {
        using var file = Containers.Open(folder.File("x", GgufBytes.Begin(1, 0).Tensor("x", F32, 64, 4).Data(160)));
        Assert.Contains("128 bytes of its data belong to no tensor", Assert.Single(file.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void APartOfAModelIsNoModelOfItsOwn()
    {
        string path = folder.File("x", GgufBytes.Begin(0, 2).Key("split.no", 2).Raw([1, 0]).Key("split.count", 2).Raw([3, 0]).Bytes());
        Assert.Contains("is one of 3 parts of a model", Assert.Throws<LowrankException>(() => Containers.Open(path)).Message, StringComparison.Ordinal);
    }
}
