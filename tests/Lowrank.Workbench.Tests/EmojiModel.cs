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

    /// <summary>Writes the same with a network that is shown mask and masked picture, its weights for them random.</summary>
    public static void WriteInpainting(string folder)
    {
        using var scope = NewDisposeScope();
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        string config = Path.Combine(folder, "unet", "config.json"), weights = Path.Combine(folder, "unet", "diffusion_pytorch_model.safetensors");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"in_channels\": 4", "\"in_channels\": 9", StringComparison.Ordinal));
        var tensors = new List<KeyValuePair<string, Tensor>>();
        using (var file = Containers.Open(weights))
            tensors.AddRange(file.Tensors.Select(one => KeyValuePair.Create(one.Name, Widened(one.Name, file.Read(one.Name)))));
        Safetensors.Save(weights, tensors);
    }

    static Tensor Widened(string name, Tensor weight)
    {
        if (name != "conv_in.weight") return weight;
        using var drawn = new Generator(2);
        var (channels, _, height, width) = weight.shape;
        return cat([weight, (randn([channels, 5, height, width], dtype: ScalarType.Float32, device: CPU, generator: drawn) * 0.05).to(weight.dtype)], 1);
    }
}
