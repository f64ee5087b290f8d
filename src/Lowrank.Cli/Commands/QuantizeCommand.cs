namespace Lowrank.Cli;

/// <summary>Writes a language model in other bits.</summary>
sealed class QuantizeCommand : HelpfulCommand
{
    readonly Argument<string> input = new("input")
    {
        HelpName = "IN", Description = "a language model: a folder with config.json and weights, a GGUF file, or hf:NAME",
    };

    readonly Argument<string> output = new("output")
    {
        HelpName = "OUT", Description = "the .gguf file to be written, or the folder of nf4, fp4 and int8",
    };

    readonly Option<string> type = new("--type")
    {
        HelpName = "TYPE", Required = true,
        Description = $"a kind of GGUF file, or nf4, fp4, int8 of bitsandbytes: {string.Join(", ", QuantizingRequest.Types)}",
    };

    readonly Option<bool> pure = new("--pure") { Description = "give every matrix of a GGUF file the same type, without the mixture" };
    readonly Option<bool> requantize = new("--requantize")
    {
        Description = "round what is rounded already, a GGUF file or a folder; loses more",
    };

    readonly Option<bool> doubleQuant = new("--double-quant") { Description = "of nf4 and fp4, round the blocks' magnitudes too" };
    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace a GGUF file if it exists" };
    readonly JsonOption json = new("print what was done as JSON");

    public QuantizeCommand() : base("quantize",
        "Writes a language model in other bits: as a GGUF file, byte for byte as llama.cpp converts and quantises it, or as a folder of " +
        "bitsandbytes.")
    {
        Add(input);
        Add(output);
        Add(type);
        Add(pure);
        Add(requantize);
        Add(doubleQuant);
        Add(overwrite);
        Add(json);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("quantize models/smollm2 smollm2.Q4_K_M.gguf --type q4_k_m", "a folder as a small GGUF file"),
        new("quantize models/smollm2 smollm2.gguf --type bf16", "the same model, its numbers as they are"),
        new("quantize smollm2.gguf smollm2.Q8_0.gguf --type q8_0", "a GGUF file in fewer bits"),
        new("quantize models/smollm2 smollm2-nf4 --type nf4 --double-quant", "a folder for QLoRA"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var request = new QuantizingRequest(
            result.GetRequiredValue(input), result.GetRequiredValue(output), result.GetRequiredValue(type))
        {
            Pure = result.GetValue(pure),
            Requantize = result.GetValue(requantize),
            DoubleQuant = result.GetValue(doubleQuant),
            Overwrite = result.GetValue(overwrite),
        };
        var report = ProgressBars.Show(new QuantizingJob(), request, cancel);
        json.Show(result, report, WorkbenchView.Write);
        return ExitCode.Success;
    }
}
