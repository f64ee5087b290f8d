using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Losses of preferences and rewards by TRL: loss, gradient and metrics, near and far, of empty and of equal answers.</summary>
public sealed class PreferenceLossesGoldens
{
    const string Group = "training/preference/losses";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Loss(string name) => Golden.Run(Group, name, c =>
    {
        var config = c["config"];
        switch (config.GetProperty("objective").GetString())
        {
            case "dpo": Pairs(c, new DpoObjective(Dpo(config))); break;
            case "orpo": Pairs(c, new OrpoObjective(Number(config, "beta") ?? 0.1)); break;
            case "cpo": Pairs(c, new CpoObjective(Cpo(config))); break;
            case "kto": Kto(c, config); break;
            case "reward": Reward(c, config); break;
            case "grpo": Written(c, new GrpoObjective(Grpo(config))); break;
            case "rloo": Written(c, new RlooObjective(Number(config, "epsilon")!.Value, Number(config, "epsilon_high"))); break;
            case "precision": Precision(c); break;
            case var other: throw Golden.NotCovered($"the objective {other}");
        }
    });

    /// <summary>The objective that a run's configuration tells.</summary>
    public static IObjective ObjectiveOf(JsonElement config) => config.GetProperty("objective").GetString() switch
    {
        "dpo" => new DpoObjective(Dpo(config)),
        "orpo" => new OrpoObjective(Number(config, "beta") ?? 0.1),
        "cpo" => new CpoObjective(Cpo(config)),
        "kto" => new KtoObjective(Kto(config)),
        "reward" => new RewardObjective(Number(config, "center_rewards_coefficient")),
        var other => throw Golden.NotCovered($"the objective {other}"),
    };

    static void Pairs(GoldenCase c, IObjective objective)
    {
        var question = objective.Needs.Tokens!;
        var mask = c.Input("completion_mask");
        bool fromLogits = c.HasInput("logits");
        var learnt = (fromLogits ? c.Input("logits") : c.Input("per_token_logps")).requires_grad_();
        TokenLogProbabilities Told(Tensor logits) => TokenLogProbabilities.OfLogits(logits, Labels(c, mask), question, c.Input("input_ids"));
        var policy = fromLogits ? Told(learnt) : Given(learnt, mask) with
        {
            LogSquares = c.HasInput("log_sum_sq_probs") ? c.Input("log_sum_sq_probs") : null,
        };
        Tensor? reference = null;
        if (objective.Needs.Reference) reference = fromLogits ? Told(c.Input("ref_logits")).Values : c.Input("ref_per_token_logps");
        var got = objective.Loss(new()
        {
            Mask = c.HasInput("attention_mask") ? c.Input("attention_mask") : null, Policy = policy, Reference = reference,
        });
        AssertTokens(c, policy);
        AssertCase(c, got, learnt);
    }

    // What is told of tokens themselves, where a case has it: at every place, counted or not.
    static void AssertTokens(GoldenCase c, TokenLogProbabilities policy)
    {
        var tokens = new[]
        {
            ("log_probs", policy.Values), ("log_sum_sq_probs", policy.LogSquares), ("entropy", policy.Entropies),
            ("mean_logits", policy.MeanLogits),
        };
        foreach (var (name, got) in tokens)
            if (c.ExpectedNames.Contains(name)) c.AssertClose(got! * policy.Counted, c.Expected(name) * policy.Counted, name);
    }

    static void Kto(GoldenCase c, JsonElement config)
    {
        var objective = new KtoObjective(Kto(config));
        var learnt = c.Input("per_token_logps").requires_grad_();
        bool mismatched = c.HasInput("kl_per_token_logps");
        var got = objective.Loss(new()
        {
            Policy = Given(learnt, c.Input("completion_mask")), Reference = c.Input("ref_per_token_logps"),
            Wanted = tensor([.. c["inputs"].GetProperty("labels").EnumerateArray().Select(label => label.GetBoolean())]),
            Mismatched = mismatched ? Given(c.Input("kl_per_token_logps"), c.Input("kl_completion_mask")) : null,
            MismatchedReference = mismatched ? c.Input("kl_ref_per_token_logps") : null,
        });
        AssertCase(c, got, learnt);
    }

    static void Reward(GoldenCase c, JsonElement config)
    {
        var learnt = c.Input("rewards").requires_grad_();
        var objective = new RewardObjective(Number(config, "center_rewards_coefficient"));
        AssertCase(c, objective.Loss(new() { Scores = learnt, Margins = c.HasInput("margin") ? c.Input("margin") : null }), learnt);
    }

    static void Written(GoldenCase c, IObjective objective)
    {
        var learnt = c.Input("per_token_logps").requires_grad_();
        string old = objective is RlooObjective ? "old_logps" : "old_per_token_logps";
        var got = objective.Loss(new()
        {
            Policy = new(learnt, c.Input("completion_mask").ne(0)) { Entropies = c.Input("entropies") },
            Advantages = c.Input("advantages"),
            Written = c.HasInput(old) ? c.Input(old) : null,
            Reference = c.HasInput("ref_per_token_logps") ? c.Input("ref_per_token_logps") : null,
            CountedTokens = Number(c["config"], "num_items_in_batch"),
        });
        AssertCase(c, got, learnt);
    }

    static void Precision(GoldenCase c)
    {
        var (logits, ids) = (c.Input("logits").to(ScalarType.BFloat16), c.Input("input_ids"));
        var wide = TokenLogProbabilities.OfLogits(logits, ids, new() { Entropy = true });
        c.AssertClose(wide.Values, c.Expected("log_probs"), "log-probabilities");
        c.AssertClose(wide.Entropies!, c.Expected("entropy"), "entropies");
        Assert.Equal(ScalarType.Float32, wide.Values.dtype);
        var own = TokenLogProbabilities.OfLogits(logits, ids, new() { OwnDtype = true });
        Assert.Equal(ScalarType.BFloat16, own.Values.dtype);
        c.AssertClose(own.Values, c.Expected("selective_log_softmax"), "log-probabilities in bfloat16");
    }

    // Where TRL overflows, or divides nothing by nothing, a finite loss is asked and no more.
    static void AssertCase(GoldenCase c, ObjectiveLoss got, Tensor learnt)
    {
        var expected = c["expected"];
        bool isNone = expected.TryGetProperty("overflow", out _) || expected.GetProperty("loss").ValueKind == JsonValueKind.String;
        got.Loss.backward();
        if (isNone)
        {
            Assert.True(double.IsFinite(got.Loss.ToDouble()), $"the loss is {got.Loss.ToDouble()}");
            Assert.All(got.Metrics, metric => Assert.True(double.IsFinite(metric.Value), $"{metric.Key} is {metric.Value}"));
            Assert.True(learnt.grad!.isfinite().all().ToBoolean(), "the gradient is not finite");
            return;
        }
        ObjectiveGoldens.AssertLoss(c, got);
        c.AssertClose(learnt.grad!, c.Expected("grad"), "gradient");
    }

    // Per-token numbers begin at the second token.
    static TokenLogProbabilities Given(Tensor values, Tensor mask) => new(values, mask.narrow(1, 1, mask.shape[1] - 1).ne(0));

    static Tensor Labels(GoldenCase c, Tensor mask) => c.Input("input_ids").masked_fill(mask.eq(0), TokenQuestion.NotCounted);

    static DpoOptions Dpo(JsonElement config) => new()
    {
        Forms = Texts(config, "loss_type"), Weights = Numbers(config, "loss_weights"), Beta = Number(config, "beta")!.Value,
        LabelSmoothing = Number(config, "label_smoothing") ?? 0, DiscopopTau = Number(config, "discopop_tau") ?? 0.05,
        Divergence = Text(config, "f_divergence_type") ?? "reverse_kl",
        DivergenceAlpha = Number(config, "f_alpha_divergence_coef") ?? 0.5, LengthAlpha = Number(config, "ld_alpha"),
        WeighsPairs = Flag(config, "use_weighting"),
    };

    static KtoOptions Kto(JsonElement config) => new()
    {
        Form = Text(config, "loss_type") ?? "kto", Beta = Number(config, "beta")!.Value,
        WantedWeight = Number(config, "desirable_weight") ?? 1, UnwantedWeight = Number(config, "undesirable_weight") ?? 1,
    };

    static CpoOptions Cpo(JsonElement config) => new()
    {
        Form = Text(config, "loss_type") ?? "sigmoid", Beta = Number(config, "beta")!.Value, NllWeight = Number(config, "cpo_alpha") ?? 1,
        Gamma = Number(config, "simpo_gamma") ?? 0.5, Alpha = Number(config, "alpha") ?? 0,
        LabelSmoothing = Number(config, "label_smoothing") ?? 0,
    };

    static GrpoOptions Grpo(JsonElement config) => new()
    {
        Form = Text(config, "loss_type")!, Beta = Number(config, "beta")!.Value, Epsilon = Number(config, "epsilon")!.Value,
        EpsilonHigh = Number(config, "epsilon_high"), Delta = Number(config, "delta"),
        BySequence = Text(config, "importance_sampling_level") == "sequence", MaxLength = (int)Number(config, "max_completion_length")!.Value,
        TopEntropy = Number(config, "top_entropy_quantile")!.Value, EntropyWeight = Number(config, "entropy_coef")!.Value,
        CorrectsKl = Flag(config, "use_bias_correction_kl"), OffPolicyThreshold = Number(config, "off_policy_mask_threshold"),
    };

    static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    // Without any the peer's own.
    static string[] Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var told)) return ["sigmoid"];
        return told.ValueKind == JsonValueKind.Array ? [.. told.EnumerateArray().Select(one => one.GetString()!)] : [told.GetString()!];
    }

    static double[] Numbers(JsonElement json, string name) =>
        json.TryGetProperty(name, out var several) && several.ValueKind == JsonValueKind.Array ? [.. several.EnumerateArray().Select(one => one.GetDouble())] : [];
}
