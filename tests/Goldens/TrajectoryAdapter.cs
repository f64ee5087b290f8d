using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The adapter that a training run of the goldens begins with, its parameters known by the names of the peer's file.</summary>
sealed class TrajectoryAdapter : IDisposable
{
    static readonly Dialect kohya = Dialects.Named("kohya"), peft = Dialects.Named("peft");

    readonly Dictionary<string, (Reparameterization Made, string Part)> byKey = [];

    public TrajectoryAdapter(GoldenCase c, TrajectoryConfig config, ModelDescription model)
    {
        using var file = Containers.Open(Path.Combine(c.Group.Folder, c["inputs"].GetProperty("init").GetString()!));
        var dialect = config.Lycoris ? kohya : peft;
        var made = new List<Reparameterization>();
        foreach (var (target, layer) in model.Components.SelectMany(component => component.Targets))
        {
            string stem = config.Lycoris ? "lycoris_" + target.Path[(target.Path.IndexOf('.') + 1)..].Replace('.', '_') : target.Path;
            var names = file.Tensors.Select(t => t.Name).Where(name => name.StartsWith(stem + ".", StringComparison.Ordinal)).ToList();
            if (names.Count == 0) continue;
            var suffixes = names.ToDictionary(name => name, name => Suffixes(dialect, name[stem.Length..]));
            var shapes = names.ToDictionary(name => name, name => file.Read(name).shape);
            var method = Methods.All.FirstOrDefault(m => suffixes.Values.All(list => Of(list, m) is not null) && Fits(m, suffixes, shapes))
                ?? throw Golden.NotCovered($"the method of {string.Join(", ", names.Select(n => n[stem.Length..]))}");
            var parts = names.ToDictionary(name => Of(suffixes[name], method)!, name => file.Read(name));
            if (config.Alpha is { } alpha && !parts.ContainsKey("alpha")) parts["alpha"] = tensor((float)alpha);
            // PEFT's norm of DoRA passes no gradient, which a configuration beside the parts tells.
            var stored = new StoredParts(parts, config.Lycoris ? default : JsonSerializer.SerializeToElement(new { peft_type = "LORA" }));
            var one = Wrappers.Around(method.FromParts(target, stored), stored);
            made.Add(one);
            foreach (string name in names) byKey[name] = (one, Of(suffixes[name], method)!);
        }
        Assert.Empty(file.Tensors.Select(t => t.Name).Except(byKey.Keys));
        Adapter = new Adapter(c.Name, made);
    }

    // PEFT's live parameters of DoRA end in .weight, those of its files do not.
    static List<(string Method, string Part)> Suffixes(Dialect dialect, string suffix) =>
        [.. dialect.Spelling.Suffixes.Where(s => s.Suffix == suffix || s.Suffix + ".weight" == suffix).Select(s => (s.Method, s.Part))];

    static string? Of(List<(string Method, string Part)> list, MethodDescriptor method) => list.Where(s => s.Method == method.Name || s.Method.Length == 0).Select(s => s.Part).FirstOrDefault();

    static bool Fits(MethodDescriptor method, Dictionary<string, List<(string, string)>> suffixes, Dictionary<string, long[]> shapes)
    {
        var byPart = suffixes.ToDictionary(s => Of(s.Value, method)!, s => shapes[s.Key]);
        return method.Parts.All(part => !part.Required || byPart.ContainsKey(part.Name)) && method.Recognizes(byPart);
    }

    public Adapter Adapter { get; }

    /// <summary>A part by the peer's name: the trained tensor itself, not a copy.</summary>
    public Tensor this[string key] => byKey[key].Made.Parts.First(p => p.Part == byKey[key].Part).Value;

    /// <summary>What is trained of a component.</summary>
    public IReadOnlyList<Tensor> Trainable(string component) =>
        [.. Adapter.Targets.Where(t => t.Key.StartsWith(component + ".", StringComparison.Ordinal)).SelectMany(t => t.Value.Trainable)];

    public void Dispose() => Adapter.Dispose();
}
