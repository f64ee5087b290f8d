using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A case of an adapter on a language model: the model, the batch, what is expected and how near.</summary>
sealed class LanguageAdapterCase : LanguageCaseFacts
{
    readonly ITensorFile inputs;

    /// <summary>A case of a group: its base, inputs and expected tensors are named by it, or by its base.</summary>
    public LanguageAdapterCase(string folder, JsonElement json, string? expectedFile = null) : base(folder, json, expectedFile)
    {
        string of = json.GetProperty("base").GetString()!;
        Model = Load<LanguageNetwork>(Path.Combine(folder, of.Contains('/') ? of : $"../models/{of}"));
        inputs = Safetensors.Open(json.TryGetProperty("inputs", out _) ? PathOf("inputs") : Path.Combine(folder, $"inputs.{of}.safetensors"));
        Description = Model.Describe();
    }

    /// <summary>The adapter's folder.</summary>
    public string Folder => PathOf("folder");

    public LanguageNetwork Model { get; }

    public ModelDescription Description { get; }

    /// <summary>A tensor of the batch; some cases have ids of their own.</summary>
    public Tensor Input(string tensor) => Has(tensor) ? Read(tensor) : inputs.Read(tensor);

    public bool HasInput(string tensor) => inputs.Tensors.Any(one => one.Name == tensor);

    public double LogitsTolerance => Tolerance("logits_abs", 1e-4);

    /// <summary>The batch, or its first rows.</summary>
    public LanguageInput Rows(long? count = null)
    {
        Tensor First(string input) => count is { } rows ? Input(input).narrow(0, 0, rows) : Input(input);
        return new(First("input_ids"))
        {
            Mask = HasInput("attention_mask") ? First("attention_mask") : null,
            Types = HasInput("token_type_ids") ? First("token_type_ids") : null,
        };
    }

    /// <summary>What the model answers, by the names that the goldens have for it.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Outputs(long? rows = null) => Outputs(Rows(rows), rows);

    /// <summary>The same for other rows.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Outputs(LanguageInput input, long? rows = null)
    {
        switch (Model)
        {
            case CausalModel causal: return [("logits", causal.Logits(causal.Run(input).Hidden))];
            case ScoreModel scores: return [("logits", scores.Scores(input))];
            case ClassifierModel classes: return [("logits", classes.Scores(input))];
            case TokenClassifierModel tokens: return [("logits", tokens.Scores(input))];
            case MaskedModel words: return [("logits", words.Logits(words.Run(input).Hidden))];
            case BodyModel states: return [("last_hidden_state", states.Run(input).Hidden)];
            case AnswerModel answers:
                var (begins, ends) = answers.Scores(input);
                return [("start_logits", begins), ("end_logits", ends)];
            case SequenceToSequenceModel pairs:
                var ids = rows is { } count ? Input("decoder_input_ids").narrow(0, 0, count) : Input("decoder_input_ids");
                using (var memory = pairs.Encode(input))
                    return [("logits", pairs.Logits(pairs.Decode(new(ids), memory).Hidden))];
            default: throw Golden.NotCovered($"what a {Model.GetName()} answers");
        }
    }

    /// <summary>The loss of the batch.</summary>
    public Tensor Loss() => Model switch
    {
        CausalModel => NextLoss(Outputs()[0].Value, Input("labels")),
        ScoreModel or ClassifierModel => LabelLoss.Of(Outputs()[0].Value, Input("labels"), Model.Config.ProblemType),
        AnswerModel => Outputs() is [var begins, var ends]
            ? AnswerLoss.Of(begins.Value, ends.Value, Input("start_positions"), Input("end_positions"))
            : throw new InvalidOperationException(),
        _ => TokenLoss.Of(Outputs()[0].Value, Input("labels")),
    };

    /// <summary>Asserts that what the model answers is what stands under a prefix, where tokens are real.</summary>
    public void AssertOutputs(string prefix, long? rows = null)
    {
        using var grad = no_grad();
        var outputs = Outputs(rows);
        foreach (var (output, value) in outputs) AssertNear(value, Read($"{prefix}.{output}"), $"{prefix}.{output}", LogitsTolerance, rows);
    }

    /// <summary>Asserts that two tensors are near where tokens are real.</summary>
    public void AssertNear(Tensor got, Tensor want, string what, double tolerance, long? rows = null)
    {
        // Of prompts, whose answers stand before those of the tokens, the peer tells the answers too.
        if (want.dim() > 1 && got.dim() == want.dim() && want.shape[1] > got.shape[1]) want = want.narrow(1, want.shape[1] - got.shape[1], got.shape[1]);
        var mask = HasInput("attention_mask") ? Input("attention_mask") : null;
        if (mask is not null && rows is { } count) mask = mask.narrow(0, 0, count);
        bool isMasked = mask is not null && Model is not (ScoreModel or ClassifierModel or SequenceToSequenceModel) && want.dim() > 1 && want.shape[0] == mask.shape[0];
        AssertClose(got, want, what, tolerance, isMasked ? mask : null);
    }

    public override void Dispose()
    {
        base.Dispose();
        inputs.Dispose();
        Model.Dispose();
    }
}
