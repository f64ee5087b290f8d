using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The losses of language/sft: means, sums over a step, two smoothings, perplexity, and preferences of summed log-probabilities.</summary>
public sealed class LanguageLossesGoldens
{
    const string Group = "language/sft", Name = $"{Group}/losses";

    static readonly string path = Path.Combine(GoldenFolder.Root, Group, "losses.json");

    static readonly Dictionary<string, Action<Facts>> parts = new()
    {
        ["mean"] = facts => facts.Supervised("mean", new()),
        ["token_nll"] = AssertTokens,
        ["sum_over_num_items"] = facts => facts.Supervised("sum_over_num_items", new(), facts.Number("num_items_in_batch")),
        ["label_smoothed_hf"] = facts => facts.Supervised("label_smoothed_hf", new(LabelSmoothing: facts.Number("epsilon"))),
        ["label_smoothed_lora_paper"] = facts =>
            facts.Supervised("label_smoothed_lora_paper", new(LabelSmoothing: facts.Number("epsilon"), AddedToCount: 1e-4)),
        ["perplexity"] = AssertPerplexity,
        ["token_accuracy"] = facts => facts.Metric("mean_token_accuracy", "token_accuracy"),
        ["mean_entropy_of_counted_tokens"] = facts => facts.Metric("entropy", "mean_entropy_of_counted_tokens"),
        ["dpo.sigmoid"] = facts => AssertDpo(facts, "sigmoid", new()),
        ["dpo.hinge"] = facts => AssertDpo(facts, "hinge", new() { Forms = ["hinge"] }),
        ["dpo.ipo"] = facts => AssertDpo(facts, "ipo", new() { Forms = ["ipo"] }),
        ["dpo.robust"] = facts => AssertDpo(facts, "robust", new() { Forms = ["robust"], LabelSmoothing = facts.Number("epsilon") }),
        // TRL's conservative form, which its sigmoid once had: aot of one pair at a time.
        ["dpo.label_smoothed"] = facts =>
            AssertDpo(facts, "label_smoothed", new() { Forms = ["aot"], LabelSmoothing = facts.Number("epsilon") }),
        ["orpo.odds_term"] = AssertOdds,
        ["simpo"] = AssertSimPo,
    };

    public static IEnumerable<TheoryDataRow<string>> Cases => File.Exists(path) ? parts.Keys.Select(part => new TheoryDataRow<string>(part)) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Loss(string part) => Golden.Run(Name, part, () => parts[part](new Facts(path)));

    static void AssertTokens(Facts facts) => facts.Close(-facts.Policy(new()).Values, "token_nll");

    static void AssertPerplexity(Facts facts)
    {
        var policy = facts.Policy(new());
        var measured = new Perplexity();
        measured.Add(policy.Values.masked_select(policy.Counted).data<float>().ToArray());
        facts.Close(tensor((float)measured.Value), "perplexity");
    }

    // Each pair is a batch of its own; a row is one token, whose log-probability is the sum.
    static void AssertDpo(Facts facts, string name, DpoOptions options)
    {
        options = options with { Beta = facts.Number("dpo_beta") };
        facts.EachPair($"dpo.{name}", (pair, _) => new DpoObjective(options).Loss(new()
        {
            Policy = Facts.OneToken(facts.Tensor("dpo.policy_chosen"), facts.Tensor("dpo.policy_rejected"), pair),
            Reference = Facts.OneToken(facts.Tensor("dpo.reference_chosen"), facts.Tensor("dpo.reference_rejected"), pair).Values,
        }).Loss);
    }

    static void AssertOdds(Facts facts) => facts.EachPair("orpo.odds_term", (pair, expected) =>
    {
        var policy = Facts.OneToken(facts.Tensor("orpo.mean_logp_chosen"), facts.Tensor("orpo.mean_logp_rejected"), pair);
        // Nothing is learnt beside the odds where no token is real.
        return new OrpoObjective(facts.Number("orpo_lambda")).Loss(new() { Policy = policy, Mask = zeros(2, 2, dtype: ScalarType.Int64) }).Loss;
    });

    static void AssertSimPo(Facts facts)
    {
        var simpo = facts.Json.GetProperty("simpo");
        var options = CpoOptions.SimPo with { Beta = simpo.GetProperty("beta").GetDouble(), Gamma = simpo.GetProperty("gamma").GetDouble() };
        facts.EachPair("simpo", (pair, _) => new CpoObjective(options).Loss(new()
        {
            Policy = Facts.OneToken(facts.Tensor("orpo.mean_logp_chosen"), facts.Tensor("orpo.mean_logp_rejected"), pair),
        }).Loss);
    }

    sealed class Facts(string path)
    {
        readonly GoldenList list = new(Group, "losses.json");

        public JsonElement Json { get; } = JsonDocument.Parse(File.ReadAllText(path)).RootElement;

        public double Number(string name) => Json.GetProperty(name).GetDouble();

        public Tensor Tensor(string name) => list.Tensors(Json.GetProperty("tensors").GetString()!).Read(name);

        public TokenLogProbabilities Policy(SupervisedOptions options) =>
            TokenLogProbabilities.OfLogits(Tensor("logits"), Tensor("labels"), new SupervisedObjective(options).Needs.Tokens);

        public void Supervised(string name, SupervisedOptions options, double? items = null) =>
            Close(new SupervisedObjective(options).Loss(new() { Policy = Policy(options), CountedTokens = items }).Loss, name);

        public void Metric(string metric, string name) =>
            Close(tensor((float)new SupervisedObjective().Loss(new() { Policy = Policy(new()) }).Metrics[metric]), name);

        public void Close(Tensor got, string name)
        {
            double tolerance = Json.GetProperty("tolerance").GetProperty("abs").GetDouble();
            GoldenList.AssertClose(Tensor(name), got, name, tolerance, 0);
        }

        public void EachPair(string name, Func<int, double, Tensor> loss)
        {
            float[] expected = [.. Tensor(name).data<float>()];
            Close(stack([.. expected.Select((value, pair) => loss(pair, value))]), name);
        }

        public static TokenLogProbabilities OneToken(Tensor chosen, Tensor rejected, int pair) =>
            new(stack([chosen[pair], rejected[pair]]).unsqueeze(1), ones(2, 1, dtype: ScalarType.Bool));
    }
}
