using Lowrank.Testing;
using Lowrank.Testing.Fuzzing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Checkpoints and model folders, spoilt: they are looked into and read, or refused, and nothing else happens.</summary>
/// <remarks>Other or more files: see <see cref="FuzzRun"/>.</remarks>
public sealed class FuzzTests : IDisposable
{
    // Of the hundreds of tensors of a part.
    const int Values = 10;

    readonly string root = Directory.CreateTempSubdirectory("lowrank-fuzz-seeds-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    IEnumerable<FuzzSeed> Checkpoints(string family)
    {
        string path = Path.Combine(root, family + ".safetensors");
        CheckpointConversion.ToFile(Folders.Tiny(family), path, cancel: TestContext.Current.CancellationToken);
        using var file = Containers.Open(path);
        return [FuzzSeed.Safetensors(family, File.ReadAllBytes(path)), FuzzSeed.TorchZip(family, Pickled(file))];
    }

    // The same as torch.save would write it, in float32.
    static byte[] Pickled(ITensorFile file)
    {
        using var scope = NewDisposeScope();
        var storages = file.Tensors.Select(info => file.Read(info.Name).to(ScalarType.Float32).bytes.ToArray()).ToArray();
        var tensors = file.Tensors.Select((info, i) => KeyValuePair.Create(info.Name, (object?)new Stored("FloatStorage", $"{i}", info.Count, 0, info.Shape, Strides(info.Shape))));
        return PickleWriter.Zip(PickleWriter.Of(new Dictionary<string, object?> { ["state_dict"] = tensors.ToDictionary(), ["global_step"] = 1 }), storages);
    }

    static long[] Strides(long[] shape) => [.. shape.Select((_, axis) => shape[(axis + 1)..].Aggregate(1L, (product, length) => product * length))];

    [Fact]
    public void SpoiltCheckpointsAreReadOrRefused() => new FuzzRun([.. Checkpoints("sd1"), .. Checkpoints("sdxl")], path =>
    {
        BaseModelInspection.Inspect(path);
        using var checkpoint = ModelCheckpoint.Open(path);
        checkpoint.Noise(out _);
        long largest = 0;
        foreach (string part in checkpoint.Kind.Parts)
        {
            using var scope = NewDisposeScope();
            using var tensors = checkpoint.Part(part);
            foreach (var info in tensors.Tensors.Take(Values)) largest = Math.Max(largest, tensors.Read(info.Name).numel() * info.Dtype.Size());
        }
        if (checkpoint.Kind.Parts.Contains("unet")) _ = checkpoint.UNetConfig;
        if (checkpoint.Kind.Parts.Contains("vae")) _ = checkpoint.VaeConfig;
        foreach (string part in checkpoint.Kind.Parts.Where(part => part.StartsWith("text", StringComparison.Ordinal))) checkpoint.TextConfig(part);
        return largest;
    }).Run(400);

    [Fact]
    public void ASpoiltSettingsFileOfAModelFolderIsReadOrRefused()
    {
        string folder = Folders.Tiny("sd1");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetRelativePath(folder, file), Bytes: File.ReadAllBytes(file))).ToList();
        var seeds = files.Where(file => file.Name.EndsWith(".json", StringComparison.Ordinal) || file.Name.EndsWith(".safetensors", StringComparison.Ordinal)).Select(file =>
            (file.Name.EndsWith(".json", StringComparison.Ordinal) ? FuzzSeed.Json(file.Name, file.Bytes, file.Name) : FuzzSeed.Safetensors(file.Name, file.Bytes, file.Name))
                with { Beside = [.. files.Where(other => other != file)] });
        new FuzzRun([.. seeds], path =>
        {
            string model = Path.GetDirectoryName(path)!;
            while (!File.Exists(Path.Combine(model, "model_index.json"))) model = Path.GetDirectoryName(model)!;
            BaseModelInspection.Inspect(model);
            ClipTokenizer.Load(Path.Combine(model, "tokenizer"));
            return 0;
        }).Run(400);
    }
}
