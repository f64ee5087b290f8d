using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The adapter that a training run of the goldens begins with, its parameters known by the names of the peer's file.</summary>
sealed class TrajectoryAdapter : IDisposable
{
    readonly Dictionary<string, Tensor> byKey = [];

    public TrajectoryAdapter(GoldenCase c, TrajectoryConfig config, ModelDescription model)
    {
        using var file = Containers.Open(Path.Combine(c.Group.Folder, c["inputs"].GetProperty("init").GetString()!));
        var names = file.Tensors.Select(t => t.Name).ToHashSet();
        var made = new List<Reparameterization>();
        foreach (var (target, _) in model.Components.SelectMany(component => component.Targets))
        {
            var (stem, down, up) = config.Lycoris
                ? ("lycoris_" + target.Path[(target.Path.IndexOf('.') + 1)..].Replace('.', '_'), ".lora_down.weight", ".lora_up.weight")
                : (target.Path, ".lora_A.weight", ".lora_B.weight");
            if (!names.Contains(stem + down)) continue;
            double? alpha = names.Contains(stem + ".alpha") ? file.Read(stem + ".alpha").ToDouble() : config.Alpha;
            var lora = new Lora(target, file.Read(stem + down), file.Read(stem + up), names.Contains(stem + ".lora_mid.weight") ? file.Read(stem + ".lora_mid.weight") : null, alpha);
            made.Add(lora);
            foreach (var (part, value) in lora.named_parameters())
                byKey[stem + (part switch { "down" => down, "up" => up, _ => ".lora_mid.weight" })] = value;
            if (names.Contains(stem + ".alpha")) byKey[stem + ".alpha"] = tensor((float)alpha!);
        }
        Assert.Empty(names.Except(byKey.Keys));
        Adapter = new Adapter(c.Name, made);
    }

    public Adapter Adapter { get; }

    /// <summary>A part by the peer's name.</summary>
    public Tensor this[string key] => byKey[key];

    /// <summary>What is trained of a component.</summary>
    public IReadOnlyList<Tensor> Trainable(string component) =>
        [.. Adapter.Targets.Where(t => t.Key.StartsWith(component + ".", StringComparison.Ordinal)).SelectMany(t => t.Value.Trainable)];

    public void Dispose() => Adapter.Dispose();
}
