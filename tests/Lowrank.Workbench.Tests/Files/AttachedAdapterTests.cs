namespace Lowrank.Workbench.Tests;

/// <summary>An adapter file is attached whole or not at all.</summary>
public class AttachedAdapterTests
{
    [Fact]
    public void AFileWhoseWordIsTakenLeavesTheModelAsItWas() => LeakGuard.NoTensorLeaks(() =>
    {
        using var folder = new TemporaryFolder();
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        AddWord(folder["tiny.safetensors"], folder["ink.safetensors"]);
        using var shelf = new ModelShelf();
        var job = new GeneratingJob(shelf);
        var request = new GeneratingRequest(EmojiModel.Folder, ["cat face"], [5], folder["plain.png"])
        {
            Options = new() { Steps = 2 },
            Precision = "f32",
            Device = "cpu",
        };
        job.Run(request, null, CancellationToken.None);
        AdapterChoice adapter = new(folder["ink.safetensors"]);
        var twice = request with { Output = folder["twice.png"], Adapters = [adapter, adapter] };
        Assert.Contains("\"ink\"", Assert.Throws<LowrankException>(() => job.Run(twice, null, CancellationToken.None)).Message);
        job.Run(request with { Output = folder["again.png"] }, null, CancellationToken.None);
        Assert.Equal(1, shelf.Count);
        Assert.Equal(PictureFile.Read(folder["plain.png"]).Pixels, PictureFile.Read(folder["again.png"]).Pixels);
    });

    static void AddWord(string from, string to)
    {
        using var scope = NewDisposeScope();
        using var file = Containers.Open(from);
        using var outline = ModelKinds.Outline(EmojiModel.Folder);
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        tensors["bundle_emb.ink.string_to_param.*"] = ones(1, outline.Describe().Components.Max(component => component.WordWidth ?? 0));
        Safetensors.Save(to, tensors, file.Metadata);
    }
}
