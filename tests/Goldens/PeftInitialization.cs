using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>A PEFT LoRA that begins in a way of its own, on the base as it was: what it begins with, the base that PEFT makes of it, and what the trained one gives.</summary>
static class PeftInitialization
{
    public static void Check(GoldenCase golden, AdaptableLayer layer)
    {
        var config = golden["config"];
        string name = golden["target"].GetString()!;
        var target = Target.Of(name, layer);
        var options = new LoraOptions(config.GetProperty("r").GetInt32(), config.GetProperty("lora_alpha").GetDouble())
        {
            RankStabilized = config.GetProperty("use_rslora").GetBoolean(), Init = config.GetProperty("init_lora_weights").GetString()!,
        };
        var weight = target.ToMatrix(layer.Weight.Dense());
        var (downAtFirst, upAtFirst) = (Case(golden, $"init/{name}.lora_A.weight"), Case(golden, $"init/{name}.lora_B.weight"));
        var generator = new Generator((ulong)golden["seed_before_construction"].GetInt64());
        // What PEFT's own layers draw first and PEFT throws away.
        foreach (var factor in new[] { downAtFirst, upAtFirst }) rand(factor.shape, generator: generator).Dispose();
        var begin = new Initialization(generator, () => weight);
        var made = (AdditiveReparameterization)Wrappers.Around(Lora.Descriptor.Create(target, options, begin), options, begin);
        var lora = made as Lora ?? ((LessStart)made).Trained;

        // Singular vectors come with either sign.
        var (down, up) = lora.Factors;
        var signs = ((down * downAtFirst).sum(dim: 1) + (up * upAtFirst).sum(dim: 0)).sign();
        golden.AssertClose(down * signs.unsqueeze(1), downAtFirst, "A at first");
        golden.AssertClose(up * signs, upAtFirst, "B at first");
        var residual = made is LessStart taken ? taken.Residual(weight) : weight;
        golden.AssertClose(target.FromMatrix(residual), Case(golden, "init/base_weight"), "the base at first");

        using (no_grad())
        {
            down.copy_(Case(golden, $"adapter/base_model.model.{name}.lora_A.weight"));
            up.copy_(Case(golden, $"adapter/base_model.model.{name}.lora_B.weight"));
        }
        using var adapted = new AdaptedLayerGoldens(golden, layer, made);
        made.eval();
        var x = Case(golden, "x");
        golden.AssertClose(adapted.Answer(x, 1), Case(golden, "y"), "y");
        golden.AssertClose(target.FromMatrix(lora.Delta(weight)), Case(golden, "delta"), "delta");
        golden.AssertClose(adapted.Merged(1), Case(golden, "merged"), "merged");
        Stored(golden, made, weight, target);

        made.train();
        var input = x.detach().requires_grad_();
        (adapted.Answer(input, 1) * Case(golden, "g")).sum().backward();
        Backward.Rethrow();
        foreach (string what in golden["expected"].EnumerateArray().Select(e => e.GetString()!).Where(e => e.StartsWith("grad/", StringComparison.Ordinal)))
            golden.AssertClose(what == "grad/x" ? input.grad! : (what.EndsWith("lora_A.weight", StringComparison.Ordinal) ? down : up).grad!, Case(golden, what), what);
    }

    // As a plain LoRA, which every reader makes of what is stored, it gives the same weight on the base as it was.
    static void Stored(GoldenCase golden, AdditiveReparameterization made, Tensor weight, Target target)
    {
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value);
        using var read = Lora.Descriptor.FromParts(target, new StoredParts(parts));
        golden.AssertClose(target.FromMatrix(read.Apply(weight, 1)), Case(golden, "merged"), "merged from what is stored");
    }

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
