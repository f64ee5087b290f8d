namespace Lowrank.Workbench.Tests;

public sealed class AdapterShelfTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly StableDiffusion model = StableDiffusion.Load(EmojiModel.Folder, Lowrank.Torch.Layers.Storage.Default);

    string Ink => folder["ink.safetensors"];

    public AdapterShelfTests() => EmojiModel.WriteLora(Ink);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    AttachedAdapter Attached(AdapterShelf shelf, string path) => new(model, new AdapterChoice(path, 0.5), shelf: shelf);

    [Fact]
    public void AFileIsReadAnewOnlyWhereItHasChanged()
    {
        using var shelf = new AdapterShelf();
        Adapter first;
        using (var attached = Attached(shelf, Ink))
        {
            first = attached.Attachment.Adapter;
            Assert.Equal(0, shelf.Count);
        }
        Assert.Equal(1, shelf.Count);
        using (var again = Attached(shelf, Ink)) Assert.Same(first, again.Attachment.Adapter);
        File.SetLastWriteTimeUtc(Ink, DateTime.UtcNow.AddMinutes(1));
        using (var changed = Attached(shelf, Ink)) Assert.NotSame(first, changed.Attachment.Adapter);
    }

    [Fact]
    public void AFileThatIsAttachedTwiceAtOnceIsReadTwice()
    {
        using var shelf = new AdapterShelf();
        using (var one = Attached(shelf, Ink))
        using (var other = Attached(shelf, Ink)) Assert.NotSame(one.Attachment.Adapter, other.Attachment.Adapter);
        Assert.Equal(2, shelf.Count);
    }

    [Fact]
    public void TheOneThatWasNotUsedForLongestGoesFirst()
    {
        File.Copy(Ink, folder["fox.safetensors"]);
        using var shelf = new AdapterShelf(limit: 1);
        Attached(shelf, Ink).Dispose();
        Attached(shelf, folder["fox.safetensors"]).Dispose();
        Assert.Equal(1, shelf.Count);
        Assert.Null(shelf.TryTake(model, Ink, null, allowUnmatched: false));
        using var kept = shelf.TryTake(model, folder["fox.safetensors"], null, allowUnmatched: true);
        Assert.NotNull(kept);
        Assert.Null(shelf.TryTake(model, folder["fox.safetensors"], null, allowUnmatched: true));
    }

    [Fact]
    public void NothingOutlivesAShelf() => LeakGuard.NoTensorLeaks(() =>
    {
        using var own = StableDiffusion.Load(EmojiModel.Folder, Lowrank.Torch.Layers.Storage.Default);
        var shelf = new AdapterShelf();
        var attached = new AttachedAdapter(own, new AdapterChoice(Ink), shelf: shelf);
        new AttachedAdapter(own, new AdapterChoice(Ink), shelf: shelf).Dispose();
        shelf.Dispose();
        attached.Dispose();
        Assert.Equal(0, shelf.Count);
    });
}
