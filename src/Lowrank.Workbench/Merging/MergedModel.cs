using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Writes a merged base model.</summary>
static class MergedModel
{
    /// <summary>Writes the model anew, changed; a stage of the job follows the bytes.</summary>
    /// <param name="model">The base.</param>
    /// <param name="edit">How it is changed.</param>
    /// <param name="request">The request.</param>
    /// <param name="inputs">What is merged into the base.</param>
    /// <param name="run">The job at work.</param>
    /// <exception cref="LowrankException">The output cannot be written, or a changed weight does not fit into its dtype.</exception>
    public static RewriteReport Write(ModelOutline model, WeightEdit edit, MergingRequest request, IReadOnlyList<string> inputs, JobRun run)
    {
        var stage = run.BeginPercent("merging");
        var options = new RewriteOptions
        {
            Dtype = request.Dtype is { } dtype ? TensorDtypes.Of(dtype) : null,
            Overwrite = request.Overwrite,
            Inputs = inputs,
            Metadata = new Dictionary<string, string>
            {
                ["modelspec.title"] = PlaceName.Of(request.Output),
                ["modelspec.merged_from"] = string.Join(", ", inputs.Select(PlaceName.Of)),
            },
            Replacing = model is LanguageOutline ? TokenizerFiles([.. request.Adapters.Select(adapter => adapter.Path)], run) : [],
            Progress = stage.ReportShare,
        };
        var written = ModelRewriting.Rewrite(model, request.Output, edit, options, run.Cancel);
        stage.Done();
        return written;
    }

    // An adapter that brings a tokenizer was trained with that one: the merged model is used with it. Other models' are not taken.
    static List<string> TokenizerFiles(IReadOnlyList<string> adapters, JobRun run)
    {
        var own = adapters.Where(Tokenizers.AreIn).ToList();
        foreach (string other in own.Skip(1)) run.Say($"The tokenizer of {other} is not used: that of {own[0]} is.");
        if (own.Count > 0)
        {
            run.Say($"The tokenizer of {own[0]} is written beside the model, as it comes with the adapter.");
            return Files(own[0], tokenizerFiles);
        }
        if (adapters.FirstOrDefault(adapter => Files(adapter, templateFiles).Count > 0) is not { } told) return [];
        run.Say($"The chat template of {told} is written beside the model, as it comes with the adapter.");
        return Files(told, templateFiles);
    }

    static List<string> Files(string folder, string[] names) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(file => names.Contains(Path.GetFileName(file)))] : [];

    static readonly string[] templateFiles = ["chat_template.jinja", "chat_template.json"];

    static readonly string[] tokenizerFiles =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", .. templateFiles,
    ];
}
