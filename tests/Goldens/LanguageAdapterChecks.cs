using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of an adapter on a language model: attached, at half strength, switched off, merged, trained, written back.</summary>
sealed class LanguageAdapterChecks(LanguageAdapterCase made, Adapter adapter)
{
    /// <summary>All of it, as far as the case tells.</summary>
    public static void Check(LanguageAdapterCase made)
    {
        using var adapter = AdapterFile.Read(made.Folder, made.Description);
        new LanguageAdapterChecks(made, adapter).Check();
    }

    void Check()
    {
        using (var attached = made.Description.Attach(adapter))
        {
            made.AssertOutputs("active");
            if (made.Names("half.").Any())
            {
                // By the peer's rule: what replaces something stays whole, and DoRA normalizes the halved sum.
                foreach (var one in adapter.Targets.Values) one.StrengthRule = StrengthRule.Peft;
                attached.Strength = 0.5;
                made.AssertOutputs("half", rows: 1);
                attached.Strength = 1;
                foreach (var one in adapter.Targets.Values) one.StrengthRule = StrengthRule.Interpolate;
            }
            Merged();
            Gradients();
        }
        if (!made.Has("input_ids")) Base();   // the base was asked about the common batch alone
        Written();
    }

    // Our switch restores the biases too, which the peer's does not (disabled.*): taken off, the model is the base, bit for bit.
    void Base()
    {
        string of = made.Json.GetProperty("base").GetString()!.Split('/')[^1];
        using var want = Lowrank.Formats.Safetensors.Open(Path.Combine(made.Root, $"base.{of}.safetensors"));
        using var grad = no_grad();
        foreach (var (output, value) in made.Outputs()) made.AssertNear(value, want.Read(output), $"the base's {output}", made.LogitsTolerance);
    }

    void Merged()
    {
        string[] weights = [.. made.Names("merged.").Where(name => !name.EndsWith("logits", StringComparison.Ordinal) && !name.EndsWith("last_hidden_state", StringComparison.Ordinal))];
        if (Record.Exception(() => made.Description.Merge()) is { } refused)
        {
            // One weight at two ends of which one is adapted, or a bias that the layer has no place for: the peer merges all the same.
            Assert.IsType<LowrankException>(refused);
            Assert.True(refused.Message.Contains("share their memory", StringComparison.Ordinal) || refused.Message.Contains("has no bias", StringComparison.Ordinal)
                || refused.Message.Contains("cannot be merged", StringComparison.Ordinal), refused.Message);
            return;
        }
        // The peer adds a change of tied ends to their one table twice; ours gives what it gives unmerged.
        bool isPeersSlip = made.Json.TryGetProperty("note", out var note) && note.GetString()!.Contains("the peer's and wrong", StringComparison.Ordinal);
        var state = made.Model.state_dict();
        if (!isPeersSlip)
            foreach (string name in weights) made.AssertNear(Weight(state, name["merged.".Length..]), made.Read(name), name, made.Tolerance("weight_abs", 2e-5));
        made.AssertOutputs("active");
        made.Description.Unmerge();
    }

    static Tensor Weight(Dictionary<string, Tensor> state, string name) =>
        state.TryGetValue(name, out var found) || state.TryGetValue(name.Replace("lm_head", "embed_out", StringComparison.Ordinal), out found)
            ? found
            : throw new KeyNotFoundException($"no weight {name}");

    void Gradients()
    {
        if (!made.Json.TryGetProperty("grad_norms", out var norms) || !made.Json.TryGetProperty("loss", out var told) || told.ValueKind != JsonValueKind.Number) return;
        // The peer's loss of a prompt counts what the last virtual token says of the first token, and ours gives the tokens' answers alone.
        bool isLonger = adapter.Prompt is { Kind: not PromptKind.Prefix } && made.Model is Lowrank.Models.CausalModel;
        if (isLonger) return;
        using var loss = made.Loss() + OrthogonalityOf(adapter);
        double want = told.GetDouble();
        Assert.True(Math.Abs(loss.ToDouble() - want) <= 1e-4 * Math.Max(1, want), $"{adapter.Name}: the loss is {loss.ToDouble()}, expected {want}");
        loss.backward();
        Backward.Rethrow();
        // PEFT's own backward of C3A gives layers before it another gradient than its forward has (see PeftSlips).
        if (adapter.Targets.Values.Any(one => one is C3a)) return;
        var gradients = ByKey();
        double near = made.Tolerance("grad_rel", 2e-3);
        foreach (var norm in norms.EnumerateObject())
            if (gradients.TryGetValue(Plain(norm.Name), out var gradient))
            {
                double got = gradient.norm().ToDouble(), wanted = norm.Value.GetDouble();
                Assert.True(Math.Abs(got - wanted) <= near * Math.Max(wanted, 1e-3), $"{adapter.Name}: the norm of {norm.Name} is {got}, expected {wanted}");
            }
            else
            {
                // Small networks that make virtual tokens are not saved.
                if (norm.Name.StartsWith("prompt_encoder.", StringComparison.Ordinal)) continue;
                Assert.False(adapter.Targets.Values.All(one => one is Lora), $"{adapter.Name}: no gradient of {norm.Name}; there are {string.Join(", ", gradients.Keys)}");
            }
        foreach (var part in adapter.Trainable) part.grad = null;
    }

    // What PEFT's AdaLoRA adds to a loss: how far the factors are from orthogonal, on average, at the weight of the configuration.
    Tensor OrthogonalityOf(Adapter of)
    {
        var factors = of.Targets.Values.OfType<AdaLora>().SelectMany(one => one.Parts).Where(part => part.Part is "A" or "B").ToList();
        if (factors.Count == 0) return zeros([], device: CPU);
        double weight = JsonDocument.Parse(File.ReadAllText(Path.Combine(made.Folder, "adapter_config.json"))).RootElement.GetProperty("orth_reg_weight").GetDouble();
        var gaps = factors.Select(part =>
        {
            var products = part.Part == "A" ? part.Value.mm(part.Value.t()) : part.Value.t().mm(part.Value);
            return (products - eye(products.shape[0], device: CPU)).norm();
        });
        return stack([.. gaps]).mean() * weight;
    }

    // A running peer's names have the adapter's in them.
    static string Plain(string name) =>
        name.Replace(".modules_to_save.default", "", StringComparison.Ordinal).Replace(".default", "", StringComparison.Ordinal);

    // Written in place of the parts, gradients come under the keys that the peer has for them.
    Dictionary<string, Tensor> ByKey()
    {
        using var grad = no_grad();
        var parts = adapter.Trainable.Where(part => part.grad is not null).Select(part => (Part: part, Was: part.detach().clone())).ToList();
        foreach (var (part, _) in parts) part.copy_(part.grad!);
        var spelled = AdapterFile.Spell(adapter, made.Description, Dialects.Named("peft")).ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        foreach (var (part, was) in parts) part.copy_(was);
        // IA3's numbers are written with 1 added.
        if (adapter.Targets.Values.Any(one => one is Ia3)) foreach (string key in spelled.Keys.Where(key => key.EndsWith("ia3_l", StringComparison.Ordinal)).ToList()) spelled[key] -= 1;
        if (spelled.Remove("prompt_embeddings", out var rows)) spelled["prompt_encoder.default.embedding.weight"] = rows;
        return spelled;
    }

    void Written()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "written");
        AdapterFile.Write(path, adapter, made.Description, "peft");
        using var again = AdapterFile.Read(path, made.Description);
        Assert.Equal(adapter.Targets.Keys, again.Targets.Keys);
        using (var attached = made.Description.Attach(again)) made.AssertOutputs("active");
        using var theirs = AdapterFile.Open(made.Folder);
        using var ours = AdapterFile.Open(path);
        var written = ours.Tensors.Select(tensor => tensor.Name).ToHashSet();
        var read = theirs.Tensors.Select(tensor => tensor.Name).ToHashSet();
        Assert.Empty(written.Except(read));
        foreach (string key in written) GoldenList.AssertSame(theirs.Read(key), ours.Read(key), $"{adapter.Name}: {key} written back");
        // What the peer saves twice is written once.
        foreach (string key in read.Except(written).Where(IsAdapters))
            Assert.True(written.Any(one => IsSame(theirs.Read(key), ours.Read(one))), $"{adapter.Name}: {key} is not written back");
    }

    static bool IsSame(Tensor one, Tensor other) => one.shape.SequenceEqual(other.shape) && one.eq(other).all().ToBoolean();

    // What the peer saves of the base beside an adapted table is no part of the adapter.
    static bool IsAdapters(string key) =>
        !key.EndsWith(".base_layer.weight", StringComparison.Ordinal) && !key.Contains(".original_module.", StringComparison.Ordinal);
}
