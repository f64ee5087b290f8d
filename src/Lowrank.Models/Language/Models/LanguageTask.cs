namespace Lowrank.Models;

/// <summary>One of a family's models.</summary>
/// <param name="Class">Its published class: "LlamaForCausalLM".</param>
/// <param name="Make">Makes it with uninitialized weights.</param>
sealed record LanguageTask(string Class, Func<LanguageConfig, Storage?, LanguageNetwork> Make)
{
    /// <summary>The two models over a causal body: what comes next, and scores of rows.</summary>
    /// <param name="family">What the published classes begin with: "Llama".</param>
    /// <param name="body">Makes the body.</param>
    /// <param name="names">What body and head are called.</param>
    public static IReadOnlyList<LanguageTask> OverBody(
        string family, Func<LanguageConfig, Storage?, Decoder> body, HeadNames? names = null)
    {
        names ??= new();
        string causal = $"{family}ForCausalLM", score = $"{family}ForSequenceClassification";
        return
        [
            new(causal, (config, storage) => new CausalModel(causal, config, body(config, storage), names, storage)),
            new(score, (config, storage) => new ScoreModel(score, config, body(config, storage), names.Body, storage)),
        ];
    }
}
