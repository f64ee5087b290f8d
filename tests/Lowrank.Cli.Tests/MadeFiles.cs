using Lowrank.Adapters;
using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Cli.Tests;

/// <summary>Models and adapters for tests of the commands on files.</summary>
static class MadeFiles
{
    /// <summary>The model that comes with the program, a folder.</summary>
    public static string Emoji { get; } = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");

    /// <summary>A tiny model of Stable Diffusion XL's kind, a folder.</summary>
    public static string TinyXl { get; } = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sdxl");

    /// <summary>Writes a random adapter of rank 4 and alpha 2 over attention and text encoder of a model.</summary>
    public static void Adapter(string path, string model, int seed = 1, string method = "lora", string dialect = "kohya", ScalarType? dtype = null, bool convolutions = false)
    {
        using var scope = NewDisposeScope();
        using var outline = ModelKinds.Outline(model);
        var targets = TargetSelection.Kohya(outline.Describe(), textEncoder: true, convolutions: convolutions);
        var named = Methods.Named(method);
        using var generator = new Generator((ulong)seed);
        using var adapter = AdapterFactory.Create(targets, named, _ => named.OwnOptions(new MethodOptions(4) { Alpha = 2 }), generator);
        using (no_grad())
            foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.1);
        AdapterFile.Write(path, adapter, outline.Describe(), dialect, dtype, new Dictionary<string, string> { ["ss_output_name"] = "made", ["author"] = "somebody" });
    }

    /// <summary>All tensors of a model that adapters can change, as float32 values by name.</summary>
    public static Dictionary<string, float[]> Weights(string model, CheckpointOptions? options = null)
    {
        using var scope = NewDisposeScope();
        using var outline = ModelKinds.Outline(model, options);
        return outline.Names.ToDictionary(name => name, name => outline.Read(name)!.to(ScalarType.Float32).data<float>().ToArray());
    }

    /// <summary>What the adapters make of a loaded model, by the road that generating takes.</summary>
    public static Dictionary<string, float[]> Merged(string model, params (string Path, double Strength)[] adapters)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var loaded = StableDiffusion.Load(model, new Torch.Layers.Storage(ScalarType.Float32));
        var description = loaded.Describe();
        var read = adapters.Select(a => AdapterFile.Read(a.Path, description)).ToList();
        var attached = read.Zip(adapters, (adapter, a) => description.Attach(adapter, a.Strength)).ToList();
        description.Merge();
        var weights = description.Components.SelectMany(c => c.Module.state_dict().Select(p => (Name: $"{c.Name}.{p.Key}", p.Value))).ToDictionary(p => p.Name, p => p.Value.to(ScalarType.Float32).data<float>().ToArray());
        attached.ForEach(a => a.Dispose());
        read.ForEach(a => a.Dispose());
        return weights;
    }

    /// <summary>Fails unless two models have the same names and values but for a share of the largest value.</summary>
    public static void AssertClose(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, double share)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, values) in expected)
        {
            double largest = values.Max(Math.Abs) + 1e-9;
            for (int i = 0; i < values.Length; i++)
                if (!(Math.Abs(values[i] - actual[name][i]) <= share * largest)) Assert.Fail($"{name}[{i}] is {actual[name][i]}, and {values[i]} was expected");
        }
    }
}
