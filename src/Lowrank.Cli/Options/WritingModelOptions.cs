namespace Lowrank.Cli;

/// <summary>The options that say which language model writes, and with which adapters.</summary>
sealed class WritingModelOptions
{
    readonly Option<string> model = new("--model", "--base-model", "-m")
    {
        HelpName = "FOLDER|FILE",
        Required = true,
        Description = "the language model: a folder with config.json, weights and tokenizer, or a GGUF file; hf:owner/name where it was " +
            "pulled",
    };

    readonly Option<AdapterChoice[]> adapters = new("--adapter", "-a")
    {
        HelpName = "FILE[:STRENGTH]",
        Description = "an adapter with its strength (1 if left out); may be given several times. A tokenizer or a chat template in its " +
            "folder is used in place of the model's",
        CustomParser = EachToken.By(AdapterArgument.Parse),
    };

    readonly Option<string> tokenizer = new("--tokenizer")
    {
        HelpName = "FOLDER|FILE", Description = "another tokenizer than the model's, or the adapter's",
    };

    readonly Option<string> precision = new("--precision")
    {
        HelpName = "NAME",
        Description = "in which dtype the model is kept and computed: auto (as it is stored; of 16 bits the faster one here), bf16 or f32",
        DefaultValueFactory = _ => "auto",
    };

    readonly DeviceOption device = new();
    readonly UnmatchedOption allowUnmatched = new();

    public WritingModelOptions() => precision.AcceptNames(PrecisionNames.All, PrecisionNames.Named);

    /// <summary>The options.</summary>
    public Option[] All => [model, adapters, tokenizer, precision, device, allowUnmatched];

    /// <summary>What was typed.</summary>
    public WritingModelChoice Of(ParseResult result) => new(result.GetRequiredValue(model))
    {
        Adapters = result.GetValue(adapters) ?? [],
        Tokenizer = result.GetValue(tokenizer),
        Precision = result.GetRequiredValue(precision),
        Device = result.GetRequiredValue(device),
        AllowUnmatched = result.GetValue(allowUnmatched),
    };
}
