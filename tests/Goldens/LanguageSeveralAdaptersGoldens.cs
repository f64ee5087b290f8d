using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Several adapters on one language model: rows with adapters of their own, sums, combinations; and beginnings that change the base.</summary>
public sealed class LanguageSeveralAdaptersGoldens
{
    const string Group = "language/adapters";

    static readonly GoldenList mixed = new(Group, "mixed_cases.json"), combined = new(Group, "combine_cases.json"), begun = new(Group, "init_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Mixed => mixed.Rows;

    public static IEnumerable<TheoryDataRow<string>> Combined => combined.Rows;

    public static IEnumerable<TheoryDataRow<string>> Begun => begun.Rows;

    static LanguageInput Rows(Func<string, Tensor> read, string prefix = "") => new(read($"{prefix}input_ids")) { Mask = read($"{prefix}attention_mask") };

    static CausalModel Load(LanguageCaseFacts facts) =>
        LanguageCaseFacts.Load<CausalModel>(Path.Combine(facts.Root, "../models", facts.Json.GetProperty("base").GetString()!));

    static void AssertLogits(LanguageCaseFacts facts, CausalModel model, LanguageInput input, string tensor)
    {
        using var grad = no_grad();
        facts.AssertClose(model.Logits(model.Run(input).Hidden), facts.Read(tensor), tensor, facts.Tolerance("logits_abs"), input.Mask);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Mixed)), Trait("kind", "goldens")]
    public void ByRow(string name) => mixed.Run(name, json =>
    {
        using var facts = new LanguageCaseFacts(mixed.Folder, json);
        using var model = Load(facts);
        var description = model.Describe();
        var adapters = json.GetProperty("adapters").EnumerateObject().ToDictionary(one => one.Name, one => AdapterFile.Read(Path.Combine(mixed.Folder, one.Value.GetString()!), description));
        var attached = adapters.ToDictionary(one => one.Key, one => description.Attach(one.Value));
        var rows = Rows(facts.Read);
        using (description.PerRow([.. json.GetProperty("adapter_names").EnumerateArray().Select(one => attached.GetValueOrDefault(one.GetString()!))]))
            AssertLogits(facts, model, rows, "mixed.logits");
        var first = new LanguageInput(rows.Ids.narrow(0, 0, 2)) { Mask = rows.Mask!.narrow(0, 0, 2) };
        AssertLogits(facts, model, first, "both.logits");
        var alone = new LanguageInput(rows.Ids.narrow(0, 0, 1)) { Mask = rows.Mask!.narrow(0, 0, 1) };
        foreach (string only in attached.Keys)
            using (description.Using(attached[only]))
                AssertLogits(facts, model, alone, $"only_{only}.row0.logits");
        foreach (var one in attached.Values) one.Dispose();
        foreach (var one in adapters.Values) one.Dispose();
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Combined)), Trait("kind", "goldens")]
    public void IntoOne(string name) => combined.Run(name, json =>
    {
        var all = JsonDocument.Parse(File.ReadAllText(Path.Combine(combined.Folder, "combine_cases.json"))).RootElement;
        using var facts = new LanguageCaseFacts(combined.Folder, all);
        using var model = Load(facts);
        double delta = facts.Tolerance("delta_abs");
        var description = model.Describe();
        var adapters = json.GetProperty("adapters").EnumerateArray().Select(one => AdapterFile.Read(Path.Combine(combined.Folder, all.GetProperty("folders").GetProperty(one.GetString()!).GetString()!), description)).ToList();
        var weights = json.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble());
        double Number(string field, double otherwise) => json.TryGetProperty(field, out var told) ? told.GetDouble() : otherwise;
        var made = AdapterCombination.Combine([.. adapters.Zip(weights, (adapter, weight) => new WeightedAdapter(adapter, weight))],
            Combination.Named(json.GetProperty("combination_type").GetString()!), new CombineOptions
            {
                Rank = json.TryGetProperty("svd_rank", out var rank) ? RankChoice.Fixed(rank.GetInt32()) : null,
                Density = Number("density", 1),
                Majority = json.TryGetProperty("majority_sign_method", out var method) && method.GetString() == "frequency" ? MajoritySign.Frequency : MajoritySign.Total,
            });
        using var adapter = made.Adapter;
        var lora = (Lora)adapter.Targets["model.model.layers.0.self_attn.q_proj"];
        Assert.Equal(json.GetProperty("layers").GetInt32(), adapter.Targets.Count);
        Assert.Equal(json.GetProperty("result_r").GetInt32(), lora.Rank);
        Assert.Equal(json.GetProperty("result_scaling").GetDouble(), lora.Scale);
        if (json.TryGetProperty("svd_clamp", out var quantile))
        {
            Clamped(description, adapters, json, quantile.GetDouble(), facts.Read($"{name}.delta.q0"), delta);
            adapters.ForEach(one => one.Dispose());
            return;
        }
        facts.AssertClose(lora.Delta(zeros([lora.Target.Out, lora.Target.In], device: CPU)), facts.Read($"{name}.delta.q0"), $"{name}.delta.q0", delta);
        if (facts.Has($"{name}.A.q0"))
        {
            facts.AssertClose(lora.Factors.Down, facts.Read($"{name}.A.q0"), $"{name}.A.q0", delta);
            facts.AssertClose(lora.Factors.Up, facts.Read($"{name}.B.q0"), $"{name}.B.q0", delta);
        }
        using (description.Attach(adapter)) AssertLogits(facts, model, Rows(facts.Read, "in."), $"{name}.logits");
        adapters.ForEach(one => one.Dispose());
    });

    // The limit is a quantile of signed values, and which signs singular vectors have is an accident of the decomposition: one choice of them
    // gives the peer's change of the layer that is told. Its logits hang on the signs at all layers, which nothing tells.
    static void Clamped(ModelDescription model, List<Adapter> adapters, JsonElement json, double quantile, Tensor want, double near)
    {
        var weights = json.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble());
        var options = new CombineOptions { Rank = RankChoice.Fixed(json.GetProperty("svd_rank").GetInt32()), Weights = WeightSources.Of(model) };
        using var made = AdapterCombination.Combine([.. adapters.Zip(weights, (adapter, weight) => new WeightedAdapter(adapter, weight))], Combination.Named("svd"), options);
        var (up, down) = CombineCase.Factors((Lora)made.Adapter.Targets["model.model.layers.0.self_attn.q_proj"]);
        int rank = (int)down.shape[0];
        double best = Enumerable.Range(0, 1 << rank).Min(choice =>
        {
            var signs = tensor(Enumerable.Range(0, rank).Select(at => (choice >> at & 1) == 0 ? 1f : -1f).ToArray(), device: CPU);
            var clamped = FactorClamp.Clamp(up * signs, down * signs.unsqueeze(1), quantile);
            return (clamped.Up.mm(clamped.Down) - want).abs().max().ToDouble();
        });
        Assert.True(best <= near, $"no choice of signs gives the peer's change: {best:g4}");
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Begun)), Trait("kind", "goldens")]
    public void ThatBeganOffTheBase(string name) => begun.Run(name, json =>
    {
        using var facts = new LanguageCaseFacts(begun.Folder, json, "inits.expected.safetensors");
        using var model = Load(facts);
        using var inputs = begun.Tensors($"inputs.{json.GetProperty("base").GetString()}.safetensors");
        double delta = facts.Tolerance("delta_abs");
        var description = model.Describe();
        // What the peer converted when it had trained: a plain LoRA of twice the rank on the base as it was.
        using var converted = AdapterFile.Read(facts.PathOf("converted"), description);
        var lora = converted.Targets.Values.OfType<Lora>().First();
        Assert.Equal(json.GetProperty("converted_r").GetInt32(), lora.Rank);
        using (description.Attach(converted)) AssertLogits(facts, model, Rows(inputs.Read), $"{name}.logits_after_training");
        // A fresh one takes its start off the base: together they are the base.
        var target = description.Components[0].Targets.First(one => one.Target.Path == "model.model.layers.0.self_attn.v_proj");
        var options = new LoraOptions(json.GetProperty("r").GetInt32(), json.GetProperty("lora_alpha").GetDouble()) { Init = name.Split('-')[0], RankStabilized = json.GetProperty("use_rslora").GetBoolean() };
        var factors = LoraInitializations.Named(options.Init).Make(target.Target, options, new Initialization(null, () => target.Layer.Weight.Dense()));
        double scale = options.StoredAlpha(options.Rank) / options.Rank;
        var start = factors.Up.mm(factors.Down) * scale;
        facts.AssertClose(start, facts.Read($"{name}.init_delta.v0"), $"{name}.init_delta.v0", delta);
        facts.AssertClose(target.Layer.Weight.Dense() - start, facts.Read($"{name}.base_after_init.v0"), $"{name}.base_after_init.v0", delta);
    });

    public static IEnumerable<TheoryDataRow<string>> Budgets => File.Exists(Path.Combine(mixed.Folder, "adalora_run.json")) ? [new("adalora_run")] : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Budgets)), Trait("kind", "goldens")]
    public void WithABudgetOfRanks(string name) => Golden.Run($"{Group}/{name}", name, () =>
    {
        var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(mixed.Folder, $"{name}.json"))).RootElement;
        using var facts = new LanguageCaseFacts(mixed.Folder, json, "adalora-run.expected.safetensors");
        using var model = Load(facts);
        var description = model.Describe();
        using var inputs = mixed.Tensors(json.GetProperty("inputs").GetString()!);
        double lossNear = facts.Tolerance("loss_abs");
        var config = json.GetProperty("config");
        using (var adapter = AdapterFile.Read(facts.PathOf("before"), description))
        using (description.Attach(adapter))
        using (var allocator = new RankAllocator(adapter, new RankBudget(config.GetProperty("target_r").GetInt32(), config.GetProperty("total_step").GetInt32())
        {
            WarmUp = config.GetProperty("tinit").GetInt32(), Final = config.GetProperty("tfinal").GetInt32(), Every = config.GetProperty("deltaT").GetInt32(),
        }))
        {
            foreach (var step in json.GetProperty("steps").EnumerateArray())
            {
                foreach (var part in adapter.Trainable) part.grad = null;
                var logits = model.Logits(model.Run(Rows(inputs.Read)).Hidden);
                var loss = LanguageCaseFacts.NextLoss(logits, inputs.Read("labels")) + config.GetProperty("orth_reg_weight").GetDouble() * RankAllocator.OrthogonalityLoss(adapter);
                double want = step.GetProperty("loss").GetDouble();
                Assert.True(Math.Abs(loss.ToDouble() - want) <= lossNear, $"step {step.GetProperty("step")}: the loss is {loss.ToDouble()}, expected {want}");
                loss.backward();
                Backward.Rethrow();
                using (no_grad())
                    foreach (var part in adapter.Trainable) part.sub_(part.grad! * 0.5);
                Assert.Equal(step.GetProperty("budget").GetInt32(), allocator.Step(step.GetProperty("step").GetInt32()));
            }
            AssertLogits(facts, model, Rows(inputs.Read), "logits");
        }
        using var after = AdapterFile.Read(facts.PathOf("after"), description);
        using (description.Attach(after)) AssertLogits(facts, model, Rows(inputs.Read), "logits");
    });
}
