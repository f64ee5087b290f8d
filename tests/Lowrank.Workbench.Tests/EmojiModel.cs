namespace Lowrank.Workbench.Tests;

/// <summary>The small Stable Diffusion that comes with the source.</summary>
static class EmojiModel
{
    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");

    /// <summary>Writes a random LoRA of rank 2 over its transformers, and its text encoder where asked.</summary>
    public static void WriteLora(string path, bool textEncoder = false)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var outline = ModelKinds.Outline(Folder);
        using var generator = new Generator(1);
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(outline.Describe(), textEncoder: textEncoder), new LoraOptions(2), generator);
        foreach (var part in adapter.Trainable) part.normal_(0, 0.2, generator);
        AdapterFile.Write(path, adapter, outline.Describe());
    }
}
