namespace Lowrank.Formats.Tests;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFailingWriteLeavesTheOldFileAndNothingElse()
    {
        string path = folder.File("x", [1, 2, 3]);
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100]);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFailingSaveLeavesTheOldFile()
    {
        string path = folder.File("x", [1, 2, 3]);
        using var scope = NewDisposeScope();
        var gone = rand(3);
        var source = new TensorSource(new("x", TensorDtype.F32, [3]), () => throw new InvalidTimeZoneException());
        Assert.Throws<InvalidTimeZoneException>(() => Safetensors.SaveLazily(path, [source]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void ANewFileStandsOnlyWhenWholeAndItsFolderIsMade()
    {
        string path = Path.Combine(folder.Path, "a", "b", "x");
        AtomicFile.Write(path, stream =>
        {
            stream.Write([7]);
            Assert.False(File.Exists(path));
        });
        Assert.Equal([7], File.ReadAllBytes(path));
        AtomicFile.WriteText(path, "é");
        Assert.Equal([0xc3, 0xa9], File.ReadAllBytes(path));
    }

    [Fact]
    public void APlaceThatCannotBeWrittenToIsNamed()
    {
        folder.File("x", [1]);
        Assert.Contains("is a folder",
            Assert.Throws<LowrankException>(() => AtomicFile.Write(folder.Path, _ => { })).Message, StringComparison.Ordinal);
        string under = Path.Combine(folder.File("x"), "y");
        Assert.Contains(under, Assert.Throws<LowrankException>(() => AtomicFile.Write(under, _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAKilledProcessLeftGoesWithTheNextWriting()
    {
        string old = folder.File($".gone.safetensors.{Guid.NewGuid():n}.partial", [1]), fresh = folder.File($".x.{Guid.NewGuid():n}.partial", [1]);
        string held = folder.File($".y.{Guid.NewGuid():n}.partial", [1]), mine = folder.File(".notes.partial", [1]);
        string within = Path.Combine(folder.Path, $".model.{Guid.NewGuid():n}.partial");
        Directory.CreateDirectory(within);
        File.WriteAllBytes(Path.Combine(within, "weights"), [1]);
        foreach (string file in new[] { old, held, mine, Path.Combine(within, "weights") }) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        Directory.SetLastWriteTimeUtc(within, DateTime.UtcNow.AddHours(-1));
        using (new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None)) AtomicFile.WriteText(Path.Combine(folder.Path, "x"), "new");
        Assert.Equal(new[] { fresh, held, mine, Path.Combine(folder.Path, "x") }.Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }
}
