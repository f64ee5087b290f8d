using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of models that see whole rows.</summary>
static class LanguageEncoderChecks
{
    public static void Check(LanguageCase language)
    {
        using var model = language.Load<EncoderModel>();
        using (no_grad())
        {
            States(model, language);
            foreach (var (name, scores) in Scores(model, language)) language.AssertClose(scores, name, "logits_abs", Masked(scores));
            language.AssertClose(Loss(model, language), "loss", "loss_abs");
        }
        LanguageGradients.Check(model, language, () => Loss(model, language));

        Tensor? Masked(Tensor scores) => scores.dim() > 2 ? language.Read("attention_mask") : null;
    }

    /// <summary>The rows of a case. Positions are not given: the model must count as its family does.</summary>
    public static LanguageInput Input(LanguageCase language) => new(language.Read("input_ids"))
    {
        Mask = language.Read("attention_mask"),
        Types = language.Has("token_type_ids") ? language.Read("token_type_ids") : null,
    };

    static void States(EncoderModel model, LanguageCase language)
    {
        var input = Input(language) with { KeepsLayers = true };
        var output = model.Run(input);
        language.AssertClose(output.Layers[0], "hidden.embed", "hidden_abs", input.Mask);
        for (int layer = 0; layer + 1 < output.Layers.Count; layer++)
            language.AssertClose(output.Layers[layer + 1], $"hidden.layer{layer}", "hidden_abs", input.Mask);
        if (language.Has("hidden.final_norm")) language.AssertClose(output.Hidden, "hidden.final_norm", "hidden_abs", input.Mask);
        if (language.Has("bucket.value"))
            language.AssertSame(((DebertaConfig)model.Config).Relative!.Bucket(language.Read("bucket.relative_position")), "bucket.value");
        if (!language.Has("position_ids")) return;
        // Theirs are rows of the table; ours count from 0.
        var given = input with { Positions = language.Read("position_ids") - (model.Config.PadId!.Value + 1) };
        language.AssertClose(model.Run(given).Layers[0], "hidden.embed", "hidden_abs", input.Mask);
    }

    static IEnumerable<(string Name, Tensor Scores)> Scores(EncoderModel model, LanguageCase language)
    {
        var input = Input(language);
        switch (model)
        {
            case ClassifierModel rows: return [("logits", rows.Scores(input))];
            case TokenClassifierModel tokens: return [("logits", tokens.Scores(input))];
            case MaskedModel words: return [("logits", words.Logits(words.Run(input).Hidden))];
            case AnswerModel answers:
                var (begins, ends) = answers.Scores(input);
                return [("start_logits", Real(begins, "start_logits")), ("end_logits", Real(ends, "end_logits"))];
            default: throw Golden.NotCovered($"scores of a {model.GetName()}");
        }

        // What pads would say is nobody's business.
        Tensor Real(Tensor scores, string name) => scores.where(input.Mask!.ne(0), language.Read(name));
    }

    static Tensor Loss(EncoderModel model, LanguageCase language)
    {
        var input = Input(language);
        switch (model)
        {
            case ClassifierModel rows: return LabelLoss.Of(rows.Scores(input), language.Read("labels"), model.Config.ProblemType);
            case TokenClassifierModel tokens: return TokenLoss.Of(tokens.Scores(input), language.Read("labels"));
            case MaskedModel words: return TokenLoss.Of(words.Logits(words.Run(input).Hidden), language.Read("labels"));
            case AnswerModel answers:
                var (begins, ends) = answers.Scores(input);
                return AnswerLoss.Of(begins, ends, language.Read("start_positions"), language.Read("end_positions"));
            default: throw Golden.NotCovered($"the loss of a {model.GetName()}");
        }
    }
}
