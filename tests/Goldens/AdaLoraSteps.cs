using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>PEFT's AdaLoRA over a whole training: losses, gradients, budgets and which singular values are kept, step by step.</summary>
static class AdaLoraSteps
{
    const string Prefix = "base_model.model.", Suffix = ".default";

    public static void Check(GoldenCase golden)
    {
        int Whole(string name) => golden[name].GetInt32();
        double Number(string name) => golden[name].GetDouble();
        var names = Under(golden, "start/").Select(t => t[Prefix.Length..].Split('.')[0]).Distinct().ToList();
        using var model = new Chain(names.ConvertAll(name => (name, AdaptedLayerGoldens.Layer(LayerKind.Linear, Case(golden, $"base/{name}.weight"), Case(golden, $"base/{name}.bias")))));
        var description = ModelDescription.Of(model);
        var made = description.Components[0].Targets.Select(t => Layer(golden, t.Target)).ToList();
        using var adapter = new Adapter("adapter", made);
        using var attachment = description.Attach(adapter);
        var budget = new RankBudget(Whole("target_r"), Whole("total_step")) { WarmUp = Whole("tinit"), Final = Whole("tfinal"), Every = Whole("deltaT"), Beta1 = Number("beta1"), Beta2 = Number("beta2") };
        using var allocator = new RankAllocator(adapter, budget);
        var (x, target) = (Case(golden, "x"), Case(golden, "target"));
        double rate = double.Parse(System.Text.RegularExpressions.Regex.Match(golden["optimizer"].GetString()!, @"lr ([0-9.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        foreach (var step in golden["steps"].EnumerateArray())
        {
            int number = step.GetProperty("step").GetInt32();
            foreach (var part in adapter.Trainable) part.grad?.zero_();
            var loss = nn.functional.mse_loss(model.call(x[number - 1]), target[number - 1]);
            var total = loss + Number("orth_reg_weight") * RankAllocator.OrthogonalityLoss(adapter);
            total.backward();
            Backward.Rethrow();
            golden.AssertClose(loss, tensor((float)step.GetProperty("loss").GetDouble()), $"loss {number}");
            golden.AssertClose(total, tensor((float)step.GetProperty("total_loss").GetDouble()), $"whole loss {number}");
            foreach (string key in Under(golden, $"step{number}/grad/")) golden.AssertClose(Parameter(made, key).grad!, Case(golden, $"step{number}/grad/{key}"), $"gradient of {key} at {number}");
            using (no_grad())
                foreach (var part in adapter.Trainable) part.sub_(part.grad! * rate);
            foreach (string key in Under(golden, $"step{number}/E_before_mask/")) golden.AssertClose(Parameter(made, key), Case(golden, $"step{number}/E_before_mask/{key}"), $"{key} before step {number}");
            Assert.Equal(step.GetProperty("budget").GetInt32(), allocator.Step(number));
            foreach (string key in Under(golden, $"step{number}/E_after_mask/")) golden.AssertClose(Parameter(made, key), Case(golden, $"step{number}/E_after_mask/{key}"), $"{key} after step {number}");
            foreach (var kept in step.GetProperty("kept").EnumerateObject())
            {
                var layer = made.First(m => m.Target.Path.EndsWith("." + kept.Name.Split('.')[0], StringComparison.Ordinal));
                Assert.Equal(kept.Value.EnumerateArray().Select(k => k.GetBoolean()), allocator.Kept(layer)!.data<bool>().ToArray());
            }
        }
        foreach (string key in Under(golden, "end/")) golden.AssertClose(Parameter(made, key), Case(golden, "end/" + key), key);
    }

    static AdaLora Layer(GoldenCase golden, Target target)
    {
        Tensor Start(string part) => Case(golden, $"start/{Prefix}{target.Path["model.".Length..]}.lora_{part}{Suffix}");
        return new AdaLora(target, Start("A"), Start("B"), Start("E"), new MethodOptions(golden["init_r"].GetInt32(), golden["lora_alpha"].GetDouble()));
    }

    // base_model.model.p.lora_A.default is part A of p.
    static Tensor Parameter(List<AdaLora> made, string key)
    {
        string[] pieces = key[Prefix.Length..].Split('.');
        return made.First(m => m.Target.Path == "model." + pieces[0]).Parts.First(p => p.Part == pieces[1]["lora_".Length..]).Value;
    }

    static List<string> Under(GoldenCase golden, string folder)
    {
        string start = $"{golden.Name}/{folder}";
        return [.. golden.Group.Tensors.Tensors.Where(t => t.Name.StartsWith(start, StringComparison.Ordinal)).Select(t => t.Name[start.Length..])];
    }

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");

    // Layers one behind the other, tanh between them.
    sealed class Chain : nn.Module<Tensor, Tensor>
    {
        readonly List<(string Name, AdaptableLayer Layer)> layers;

        public Chain(List<(string Name, AdaptableLayer Layer)> layers) : base("model")
        {
            this.layers = layers;
            foreach (var (name, layer) in layers) register_module(name, layer);
        }

        public override Tensor forward(Tensor input) => layers.Skip(1).Aggregate(layers[0].Layer.call(input), (y, next) => next.Layer.call(y.tanh()));
    }
}
