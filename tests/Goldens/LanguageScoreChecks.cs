using Lowrank.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of a classifier over a causal body.</summary>
static class LanguageScoreChecks
{
    public static void Check(LanguageCase language)
    {
        using var model = language.Load<ScoreModel>();
        using (no_grad())
        {
            foreach (string side in (string[])["right", "left"])
            {
                language.AssertClose(model.Scores(language.Batch(side)), $"{side}.logits", "logits_abs");
                language.AssertClose(Loss(model, language, side), $"{side}.loss", "loss_abs");
            }
            var input = language.Batch("right");
            language.AssertClose(model.Run(input).Hidden, "right.hidden.final_norm", "hidden_abs", input.Mask);
            language.AssertClose(model.Scores(new(language.Read("pad_as_token.input_ids"))), "pad_as_token.logits", "logits_abs");
            NoPad(model, language);
        }
        LanguageGradients.Check(model, language, () => Loss(model, language, "right"));
    }

    static Tensor Loss(ScoreModel model, LanguageCase language, string side) =>
        LabelLoss.Of(model.Scores(language.Batch(side)), language.Read("labels"), model.Config.ProblemType);

    static void NoPad(ScoreModel model, LanguageCase language)
    {
        int? pad = model.PadId;
        model.PadId = null;
        var rows = language.Read("right.input_ids");
        language.AssertClose(model.Scores(new(rows.narrow(0, 1, 1))), "no_pad.logits", "logits_abs");
        Assert.Throws<LowrankException>(() => model.Scores(new(rows)));
        model.PadId = pad;
    }
}
