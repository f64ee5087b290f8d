using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>AdaLoRA's rank allocation in two layers with a tanh between them: losses, values before and after masking, what is kept.</summary>
static class AdaLoraSteps
{
    public static void Check(GoldenCase golden)
    {
        int rank = golden["init_r"].GetInt32();
        double weight = golden["orth_reg_weight"].GetDouble();
        var layers = new[] { "p", "q" }.Select(name => (Name: name, Layer: AdaptedLayerGoldens.Layer(LayerKind.Linear, Case(golden, $"base/{name}.weight"), Case(golden, $"base/{name}.bias")))).ToList();
        var made = layers.Select(l => new AdaLora(Target.Of(l.Name, l.Layer), Start(golden, l.Name, "A"), Start(golden, l.Name, "B"), Start(golden, l.Name, "E"), new MethodOptions(rank, golden["lora_alpha"].GetDouble()))).ToList();
        using var adapter = new Adapter("adapter", [.. made]);
        foreach (var ((_, layer), one) in layers.Zip(made)) AdaptedLayer.In(layer).Add(one, 1);
        using var allocator = new RankAllocator(adapter, new RankBudget(golden["target_r"].GetInt32(), golden["total_step"].GetInt32())
        {
            WarmUp = golden["tinit"].GetInt32(), Final = golden["tfinal"].GetInt32(), Every = golden["deltaT"].GetInt32(), Beta1 = golden["beta1"].GetDouble(), Beta2 = golden["beta2"].GetDouble(),
        });
        var rate = System.Text.RegularExpressions.Regex.Match(golden["optimizer"].GetString()!, "SGD lr ([0-9.]+)");
        if (!rate.Success) throw Golden.NotCovered($"the optimizer {golden["optimizer"]}");
        double step = double.Parse(rate.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var (xs, targets) = (Case(golden, "x"), Case(golden, "target"));
        foreach (var facts in golden["steps"].EnumerateArray())
        {
            int number = facts.GetProperty("step").GetInt32();
            foreach (var part in adapter.Trainable) part.grad = null;
            var (x, want) = (xs[number - 1], targets[number - 1]);
            var loss = (layers[1].Layer.call(layers[0].Layer.call(x).tanh()) - want).square().mean();
            var whole = loss + weight * RankAllocator.OrthogonalityLoss(adapter);
            whole.backward();
            Backward.Rethrow();
            golden.AssertClose(loss, tensor(facts.GetProperty("loss").GetDouble()), $"loss of step {number}");
            golden.AssertClose(whole, tensor(facts.GetProperty("total_loss").GetDouble()), $"whole loss of step {number}");
            using (no_grad())
                foreach (var part in adapter.Trainable) part.sub_(part.grad! * step);
            Values(golden, made, $"step{number}/E_before_mask");
            Assert.Equal(facts.GetProperty("budget").GetInt32(), allocator.Step(number));
            Values(golden, made, $"step{number}/E_after_mask");
            foreach (var (one, kept) in facts.GetProperty("kept").EnumerateObject().Select(k => (made.First(m => k.Name.StartsWith(m.Target.Path + ".", StringComparison.Ordinal)), k.Value)))
                Assert.Equal(kept.EnumerateArray().Select(v => v.GetBoolean()), allocator.Kept(one)!.data<bool>().ToArray());
        }
        foreach (var one in made)
            foreach (var (part, value) in one.Parts.Where(p => p.Part != "alpha")) golden.AssertClose(value, Case(golden, $"end/base_model.model.{one.Target.Path}.lora_{part}.default"), $"{part} in the end");
    }

    static void Values(GoldenCase golden, IEnumerable<AdaLora> made, string folder)
    {
        foreach (var one in made) golden.AssertClose(one.Parts.First(p => p.Part == "E").Value, Case(golden, $"{folder}/base_model.model.{one.Target.Path}.lora_E.default"), $"{folder} of {one.Target.Path}");
    }

    static Tensor Start(GoldenCase golden, string layer, string part) => Case(golden, $"start/base_model.model.{layer}.lora_{part}.default");

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
