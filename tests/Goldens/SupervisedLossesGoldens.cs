using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>The loss over given texts: TRL's two kinds, smoothed and counted over a step, with gradients and what is told beside.</summary>
public sealed class SupervisedLossesGoldens
{
    const string Group = "training/sft2/losses";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Loss(string name) => Golden.Run(Group, name, c =>
    {
        var config = c["config"];
        var objective = new SupervisedObjective(new(
            config.GetProperty("loss_type").GetString() == "dft", config.GetProperty("label_smoothing_factor").GetDouble()));
        var logits = c.Input("logits").requires_grad_();
        var got = objective.Loss(new()
        {
            Mask = c.Input("attention_mask"),
            Policy = TokenLogProbabilities.OfLogits(logits, c.Input("labels"), objective.Needs.Tokens),
            CountedTokens = config.GetProperty("num_items_in_batch") is { ValueKind: JsonValueKind.Number } items ? items.GetDouble() : null,
        });
        ObjectiveGoldens.AssertLoss(c, got);
        got.Loss.backward();
        c.AssertClose(logits.grad!, c.Expected("grad"), "gradient");
    });
}
