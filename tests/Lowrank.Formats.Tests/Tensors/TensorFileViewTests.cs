namespace Lowrank.Formats.Tests.Tensors;

public class TensorFileViewTests
{
    // "own.NAME" is what the file has as NAME, doubled.
    sealed class Doubled(ITensorFile file) : TensorFileView(file)
    {
        public override IReadOnlyList<TensorInfo> Tensors { get; } = [.. file.Tensors.Select(info => info with { Name = $"own.{info.Name}" })];

        protected override string StoredName(string name) => name["own.".Length..];

        protected override Tensor Seen(string name, Tensor stored) => stored * 2;
    }

    sealed class AsItIs(ITensorFile file) : TensorFileView(file);

    static string Saved(TemporaryFolder folder)
    {
        string path = folder.File("a.safetensors");
        using var scope = NewDisposeScope();
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["rows"] = arange(6f, device: CPU).view(2, 3), ["one"] = tensor(0.5f, device: CPU) },
            new Dictionary<string, string> { ["title"] = "t" });
        return path;
    }

    [Fact]
    public void WhatItDoesNotTellIsTheFiles()
    {
        using var folder = new TemporaryFolder();
        using var file = Safetensors.Open(Saved(folder));
        using var view = new AsItIs(file);
        Assert.Equal((file.Path, file.Container), (view.Path, view.Container));
        Assert.Equal(file.Tensors, view.Tensors);
        Assert.Equal(file.Metadata, view.Metadata);
        Assert.Equal(file.Notes, view.Notes);
        using Tensor own = file.Read("rows"), seen = view.Read("rows");
        Assert.Equal(own.data<float>().ToArray(), seen.data<float>().ToArray());
    }

    [Fact]
    public void TensorsAreReadByItsNamesAndSeenItsWayAlsoInScratchMemory() => LeakGuard.NoTensorLeaks(() =>
    {
        using var folder = new TemporaryFolder();
        using var view = new Doubled(Safetensors.Open(Saved(folder)));
        Assert.Equal(["own.one", "own.rows"], view.Tensors.Select(info => info.Name).Order());
        float[] wanted = [0, 2, 4, 6, 8, 10];
        using (var read = view.Read("own.rows")) Assert.Equal(wanted, read.data<float>().ToArray());
        using var scratch = new Scratch();
        using (var read = view.Read("own.rows", scratch)) Assert.Equal(wanted, read.data<float>().ToArray());
        view.Expect("own.rows");
        Assert.Equal(0.5, view.ReadScalar("own.one"));
        Assert.Contains("rows", Assert.Throws<LowrankException>(() => view.Read("own.row")).Message);
    });

    [Fact]
    public void ItClosesTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = Safetensors.Open(Saved(folder));
        new AsItIs(file).Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("rows"));
    }
}
