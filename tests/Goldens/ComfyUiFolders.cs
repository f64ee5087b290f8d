using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Models;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The files of the ComfyUI goldens, laid out as ComfyUI has them in a folder of the test's own.</summary>
sealed class ComfyUiFolders : IDisposable
{
    /// <summary>Where the goldens lie.</summary>
    public static string Goldens => Path.Combine(GoldenFolder.Root, "diffusion", "comfyui");

    readonly TemporaryFolder folder = new();

    public ComfyUiFolders()
    {
        string models = Directory.CreateDirectory(folder["models"]).FullName;
        string checkpoints = Directory.CreateDirectory(Path.Combine(models, "checkpoints")).FullName;
        string bare = Path.Combine(Goldens, "base", "checkpoint.safetensors");
        File.CreateSymbolicLink(Path.Combine(checkpoints, "base.safetensors"), bare);
        WithPart(bare, Path.Combine(Goldens, "base", "inpaint_part.safetensors"), Path.Combine(checkpoints, "inpaint.safetensors"));
        Copy("adapters", Path.Combine(models, "loras"));
        Copy("embeddings", Path.Combine(models, "embeddings"));
        Copy("input", folder["input"]);
        Settings = new()
        {
            Folders = new() { Models = models, Input = folder["input"], Output = folder["output"], Temporary = folder["temp"] },
            ModelOptions = new CheckpointOptions { Config = Path.Combine(Goldens, "base", "config") },
            LikeComfyUi = true,
        };
    }

    /// <summary>Settings of graphs that are run over them.</summary>
    public GraphSettings Settings { get; }

    /// <summary>Files that were saved, by their path from the output folder.</summary>
    public IEnumerable<string> Saved => Directory.Exists(Settings.Folders.Output)
        ? Directory.EnumerateFiles(Settings.Folders.Output, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Settings.Folders.Output, path).Replace('\\', '/')).Order(StringComparer.Ordinal)
        : [];

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        // Not File.Copy: the goldens may be read-only, and a test writes over a copy.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Goldens, from)))
            File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    // A checkpoint with some of its tensors replaced.
    static void WithPart(string checkpoint, string part, string to)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var whole = Safetensors.Open(checkpoint);
        using var other = Safetensors.Open(part);
        var replaced = other.Tensors.Select(tensor => tensor.Name).ToHashSet();
        Safetensors.Save(to, whole.Tensors.Select(tensor => KeyValuePair.Create(
            tensor.Name, (replaced.Contains(tensor.Name) ? other : whole).Read(tensor.Name))));
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
