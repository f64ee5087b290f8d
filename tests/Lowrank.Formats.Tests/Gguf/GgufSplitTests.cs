namespace Lowrank.Formats.Tests;

/// <summary>A model in several GGUF files is one file, whichever of them is named.</summary>
public sealed class GgufSplitTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Part(int number, int count = 3) => folder.File($"model-{number:D5}-of-{count:D5}.gguf");

    static TensorSource Source(string name, Tensor value) => new(new(name, BlockFormats.Q8_0.Dtype, value.shape), () => value);

    static void Write(string path, int number, int count, long tensors, params (string Name, Tensor Value)[] held)
    {
        GgufEntry[] split = [new("split.no", (ushort)number), new("split.count", (ushort)count), new("split.tensors.count", (int)tensors)];
        GgufEntry[] model = number == 0 ? [new("general.architecture", "llama"), new("llama.block_count", 2u)] : [];
        Gguf.Save(path, [.. model, .. split], held.Select(one => Source(one.Name, one.Value)));
    }

    // The first without tensors, as gguf-split writes it when asked to.
    (Tensor A, Tensor B) WriteThree()
    {
        var (a, b) = (randn(4, 32), randn(2, 64));
        Write(Part(1), 0, 3, 2);
        Write(Part(2), 1, 3, 2, ("a.weight", a));
        Write(Part(3), 2, 3, 2, ("b.weight", b));
        return (a, b);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void AnyPartNamesTheWhole(int named)
    {
        using var scope = NewDisposeScope();
        WriteThree();
        using var file = Gguf.Open(Part(named));
        Assert.Equal(["a.weight", "b.weight"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["general.architecture", "llama.block_count"], file.Entries.Select(entry => entry.Key));
        foreach (var (name, number) in new[] { ("a.weight", 2), ("b.weight", 3) })
        {
            Gguf.Save(folder.File("alone.gguf"), [], [file.SourceOf(name)]);
            using var alone = Gguf.Open(folder.File("alone.gguf"));
            Assert.True(alone.Read(name).eq(file.Read(name)).all().ToBoolean());
            using IPackedMatrix packed = file.ReadPacked(name)!, mapped = file.MapPacked(name)!;
            var values = empty(packed.Shape, ScalarType.Float32, CPU);
            mapped.DecodeTo(values);
            Assert.True(values.eq(file.Read(name)).all().ToBoolean(), $"{name} of part {number}");
        }
    }

    [Fact]
    public void OfWhatIsStoppedNothingIsWritten()
    {
        using var scope = NewDisposeScope();
        using var stop = new CancellationTokenSource();
        var sources = new[] { ("a", ones(1, 32)), ("b", ones(1, 32)) }.Select(one => Source(one.Item1, one.Item2).Until(stop.Token)).ToList();
        var stopping = sources[0] with { Read = () => { stop.Cancel(); return ones(1, 32); } };
        Assert.ThrowsAny<OperationCanceledException>(() => Gguf.Save(folder.File("x.gguf"), [], [stopping, sources[1]]));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WhatALaterPartTellsOfTheModelIsNotDroppedUnsaid()
    {
        using var scope = NewDisposeScope();
        WriteThree();
        using (var plain = Gguf.Open(Part(1))) Assert.Empty(plain.Notes);
        GgufEntry[] split = [new("split.no", (ushort)1), new("split.count", (ushort)3), new("split.tensors.count", 2)];
        GgufEntry[] model = [new("general.architecture", "llama"), new("llama.block_count", 3u), new("llama.rope.freq_base", 1e6f)];
        Gguf.Save(Part(2), [.. split, .. model], [Source("a.weight", ones(4, 32))]);
        using var file = Gguf.Open(Part(1));
        string note = Assert.Single(file.Notes);
        Assert.EndsWith("llama.block_count, llama.rope.freq_base.", note);
        Assert.Contains("model-00002-of-00003.gguf", note);
    }

    [Fact]
    public void AListThatDiffersInALaterPartIsToldHoweverLong()
    {
        using var scope = NewDisposeScope();
        string[] words = [.. Enumerable.Range(0, 40).Select(number => $"word{number}")];
        GgufEntry[] split = [new("split.count", (ushort)2), new("split.tensors.count", 1)];
        Gguf.Save(Part(1, 2), [new("general.architecture", "llama"), new("tokenizer.ggml.tokens", new GgufArray(words)), new("split.no", (ushort)0), .. split], []);
        foreach (bool differs in (bool[])[false, true])
        {
            if (differs) words[30] = "another";
            Gguf.Save(Part(2, 2), [new("tokenizer.ggml.tokens", new GgufArray(words)), new("split.no", (ushort)1), .. split], [Source("a.weight", ones(1, 32))]);
            using var file = Gguf.Open(Part(1, 2));
            Assert.Equal(differs, file.Notes.Any(note => note.EndsWith("tokenizer.ggml.tokens.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void AnOutputIsNeverTheInputOfAnOddNumber()
    {
        foreach (var (number, count) in new[] { (1, 0), (5, 3), (2, 3) }) Assert.Contains(Part(number, count), PartNames.Beside(Part(number, count)));
        Assert.Equal(3, PartNames.Beside(Part(2)).Count());
    }

    [Fact]
    public void AMissingPartIsNamed()
    {
        using var scope = NewDisposeScope();
        WriteThree();
        File.Delete(Part(2));
        Assert.Contains("model-00002-of-00003.gguf is missing", Assert.Throws<LowrankException>(() => Gguf.Open(Part(3))).Message);
    }

    [Fact]
    public void APartOfAnotherModelIsToldApart()
    {
        using var scope = NewDisposeScope();
        WriteThree();
        Write(Part(3), 1, 3, 2, ("b.weight", ones(1, 32)));
        Assert.Contains("says that it is part 2 of 3", Assert.Throws<LowrankException>(() => Gguf.Open(Part(1))).Message);
        Write(Part(3), 2, 3, 2, ("a.weight", ones(1, 32)));
        Assert.Contains("a.weight stands in two", Assert.Throws<LowrankException>(() => Gguf.Open(Part(1))).Message);
        Write(Part(3), 2, 3, 2, ("b.weight", ones(1, 32)), ("c.weight", ones(1, 32)));
        Assert.Contains("hold 3 tensors, and there are to be 2", Assert.Throws<LowrankException>(() => Gguf.Open(Part(1))).Message);
    }

    [Fact]
    public void APartUnderANameOfItsOwnIsAskedForItsPublishedOne()
    {
        using var scope = NewDisposeScope();
        WriteThree();
        File.Move(Part(2), folder.File("b.gguf"));
        Assert.Contains("-00001-of-00003.gguf", Assert.Throws<LowrankException>(() => Gguf.Open(folder.File("b.gguf"))).Message);
    }
}
