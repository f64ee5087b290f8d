namespace Lowrank.Formats.Tests;

/// <summary>Files that are written from a thread of their own, past the system's memory: the same bytes as by the plain way, whatever their
/// size.</summary>
public sealed class LazySaveTests : IDisposable
{
    // Of what is passed to the disk in one piece, and of what a disk's places are multiples of.
    const int Piece = 8 << 20, Block = 4096;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Bytes of the whole file, its header included.
    public static TheoryData<long> Sizes =>
    [
        200, Block - 1, Block, Block + 1, Piece - 1, Piece, Piece + 1, Piece + Block, 2 * Piece, 5L * Piece, 5 * Piece + 3 * Block + 17, 6 * Piece - Block,
    ];

    [Theory, MemberData(nameof(Sizes))]
    public void TheBytesAreThoseOfThePlainWay(long size)
    {
        using var scope = NewDisposeScope();
        string plain = folder.File("plain"), lazy = folder.File("lazy");
        List<KeyValuePair<string, Tensor>> tensors = [];
        // How long the header is depends on what it says.
        for (long values = size - 150; !File.Exists(plain) || new FileInfo(plain).Length != size; values += size - new FileInfo(plain).Length)
        {
            tensors = [new("a", randint(256, [values / 3], ScalarType.Byte, CPU)), new("b", randint(256, [values - values / 3], ScalarType.Byte, CPU))];
            Safetensors.Save(plain, tensors);
        }
        Safetensors.SaveLazily(lazy, tensors.Select(pair => new TensorSource(new(pair.Key, TensorDtype.U8, pair.Value.shape), () => pair.Value.alias())));
        Assert.True(File.ReadAllBytes(plain).AsSpan().SequenceEqual(File.ReadAllBytes(lazy)));
    }

    [Fact]
    public void AFailureInTheMidstOfALargeFileLeavesNothing()
    {
        using var scope = NewDisposeScope();
        TensorSource[] sources =
        [
            new(new("a", TensorDtype.U8, [3 * Piece + 5]), () => zeros([3 * Piece + 5], ScalarType.Byte, CPU)),
            new(new("b", TensorDtype.U8, [5]), () => throw new InvalidTimeZoneException()),
        ];
        Assert.Throws<InvalidTimeZoneException>(() => Safetensors.SaveLazily(Path.Combine(folder.Path, "x"), sources));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WhatIsReadSoonIsToldBeforeItIsReadAndOnce()
    {
        using var scope = NewDisposeScope();
        List<string> told = [];
        var sources = Enumerable.Range(0, 40).Select(i => new TensorSource(new($"t{i:00}", TensorDtype.U8, [4 << 20]), () =>
        {
            told.Add($"read {i}");
            return zeros([4 << 20], ScalarType.Byte, CPU);
        })
        {
            Expect = () => told.Add($"expect {i}"),
        });
        Safetensors.SaveLazily(folder.File("x"), sources);
        Assert.Equal(80, told.Distinct().Count());
        Assert.Equal(80, told.Count);
        foreach (int i in Enumerable.Range(0, 40)) Assert.InRange(told.IndexOf($"read {i}") - told.IndexOf($"expect {i}"), 1, 40);
        Assert.True(told.IndexOf("expect 39") > told.IndexOf("read 10"));   // no more than some ahead
    }

    [Fact]
    public void WhatComesToBeMeanwhileIsNotReplacedUnasked()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var source = new TensorSource(new TensorInfo("x", TensorDtype.F32, [1]), () =>
        {
            File.WriteAllText(path, "precious");
            return torch.zeros(1);
        });
        Assert.Contains("came to be", Assert.Throws<LowrankException>(() => Safetensors.SaveLazily(path, [source], overwrite: false)).Message);
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Safetensors.SaveLazily(path, [source]);
        Assert.NotEqual("precious", File.ReadAllText(path));
    }
}
