using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>The adapter that a run of PEFT begins with, read as a folder of its would be, and known by the keys of the peer.</summary>
sealed class PeftStart : IDisposable
{
    static readonly Dialect peft = Dialects.Named("peft");

    readonly ModelDescription model;
    readonly Dictionary<string, Tensor> start = [];
    readonly bool isPlain;

    /// <summary>Of parts in a file, with the configuration that lies beside them.</summary>
    public PeftStart(string file, JsonObject config, ModelDescription model)
    {
        this.model = model;
        using var opened = Containers.Open(file);
        foreach (var info in opened.Tensors) start[Plain(info.Name)] = opened.Read(info.Name).to(ScalarType.Float32);
        using var folder = new TemporaryFolder();
        Safetensors.Save(Path.Combine(folder.Path, "adapter_model.safetensors"), start);
        File.WriteAllText(Path.Combine(folder.Path, "adapter_config.json"), config.ToJsonString());
        Adapter = AdapterFile.Read(folder.Path, model);
    }

    /// <summary>Of layers that are trained whole, in a file with the modules' own names.</summary>
    public PeftStart(string file, ModelDescription model, Func<string, bool> isTrained)
    {
        (this.model, isPlain) = (model, true);
        using var opened = Containers.Open(file);
        foreach (var info in opened.Tensors) start[info.Name] = opened.Read(info.Name).to(ScalarType.Float32);
        var targets = model.Components.SelectMany(component => component.Targets).Select(one => one.Target)
            .Where(target => isTrained(target.Path));
        Adapter = AdapterFactory.Create(model, targets, Replacement.Descriptor, new MethodOptions(1));
        using var grad = no_grad();
        foreach (var (path, made) in Adapter.Targets)
            foreach (var (part, value) in made.Parts) value.copy_(start[$"{Own(path)}.{part}"]);
    }

    // Without the name of the model's one component.
    static string Own(string path) => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public Adapter Adapter { get; }

    // A live parameter of DoRA ends in .weight, that of a file does not.
    public static string Plain(string key) =>
        key.EndsWith(".lora_magnitude_vector.weight", StringComparison.Ordinal) ? key[..^".weight".Length] : key;

    /// <summary>The configuration that a case tells, under the names that PEFT has for it.</summary>
    public static JsonObject ConfigOf(JsonElement config, string kind)
    {
        var told = JsonNode.Parse(config.GetRawText())!.AsObject();
        foreach (string other in new[] { "model", "adapter", "steps", "options", "base", "objective", "beta", "total_step" })
            if (other != "total_step" || kind != "AdaLoRA") told.Remove(other);
        told["peft_type"] = kind.ToUpperInvariant();
        return told;
    }

    /// <summary>Every part by the peer's key, as it is now.</summary>
    public IReadOnlyDictionary<string, Tensor> Parts()
    {
        using var grad = no_grad();
        if (isPlain)
            return Adapter.Targets.SelectMany(one => one.Value.Parts.Select(part => (Key: $"{Own(one.Key)}.{part.Part}", part.Value)))
                .ToDictionary(one => one.Key, one => one.Value.clone());
        return AdapterFile.Spell(Adapter, model, peft).ToDictionary(pair => pair.Key, pair => pair.Value.clone());
    }

    /// <summary>Every gradient by the peer's key.</summary>
    public IReadOnlyDictionary<string, Tensor> Gradients()
    {
        using var grad = no_grad();
        var parts = Adapter.Trainable.Where(part => part.grad is not null).Select(part => (Part: part, Was: part.detach().clone())).ToList();
        foreach (var (part, _) in parts) part.zero_();
        var none = Parts();   // a part may be spelled as what it is off from 1
        foreach (var (part, _) in parts) part.copy_(part.grad!);
        var spelled = Parts();
        foreach (var (part, was) in parts) part.copy_(was);
        return spelled.ToDictionary(one => one.Key, one => one.Value - none[one.Key]);
    }

    /// <summary>Asserts that what was trained is what the peer has: how far it is off against how far it moved, then its elements.</summary>
    public void AssertFinal(GoldenCase c, string file, double atol)
    {
        AssertMove(c, file);
        using var want = Containers.Open(file);
        var parts = Parts();
        foreach (var info in want.Tensors)
            c.AssertClose(parts[Plain(info.Name)].reshape(info.Shape), want.Read(info.Name), info.Name, atol);
    }

    /// <summary>Asserts that it is off by no more than a share of the way that it moved.</summary>
    public void AssertMove(GoldenCase c, string file)
    {
        using var want = Containers.Open(file);
        var parts = Parts();
        double off = 0, moved = 0;
        foreach (var info in want.Tensors)
        {
            string key = Plain(info.Name);
            Assert.True(parts.ContainsKey(key), $"{c.Name}: there is no {key}, but {string.Join(", ", parts.Keys)}");
            var (got, end) = (parts[key].reshape(info.Shape).to(ScalarType.Float32), want.Read(info.Name).to(ScalarType.Float32));
            off += (got - end).square().sum().ToDouble();
            moved += (end - start[key].reshape(info.Shape)).square().sum().ToDouble();
        }
        double share = Math.Sqrt(off / moved), limit = c["move_tolerance"].GetDouble();
        Assert.True(share <= limit, $"{c.Name}: the trained adapter is off by {share:g4} of the way it went, and {limit:g4} is allowed");
    }

    public void Dispose() => Adapter.Dispose();
}
