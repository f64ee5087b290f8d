using Lowrank.Adapters;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>The options by which the commands on adapter files are told how to write.</summary>
sealed class OutputOptions
{
    readonly Option<string> dialect;
    readonly Option<string> dtype = new("--dtype") { HelpName = "NAME" };
    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace the output if it exists" };
    readonly Option<bool> textModel = new("--text-model")
    {
        Description = "in PEFT's folders, write text encoders' layers below text_model, as transformers before 5.6 has them",
    };

    /// <param name="usual">What the dialect is where none is named, in words.</param>
    /// <param name="usualDtype">What --dtype is where it is left out.</param>
    public OutputOptions(string usual, string usualDtype)
    {
        string[] names = [.. Dialects.All.Select(d => d.Name)];
        dialect = new("--to") { HelpName = "DIALECT", Description = $"the spelling: {string.Join(", ", names)}" };
        dialect.AcceptNames(names, Dialects.Named);
        dtype.Description = $"{SavingSection.Dtypes.Prose} (default: {usualDtype})";
        dtype.AcceptNames(SavingSection.Dtypes.All, name => DtypeOf(name));
        dialect.Description += $" (default: {usual})";
    }

    /// <summary>The options.</summary>
    public Option[] All => [dialect, dtype, textModel, overwrite];

    /// <summary>Whether to replace what exists.</summary>
    public bool Overwrite(ParseResult result) => result.GetValue(overwrite);

    /// <summary>Whether text encoders' layers stand below text_model.</summary>
    public bool TextModel(ParseResult result) => result.GetValue(textModel);

    /// <summary>The dtype that was asked for.</summary>
    public ScalarType? Dtype(ParseResult result) => result.GetValue(dtype) is { } asked ? DtypeOf(asked) : null;

    static ScalarType DtypeOf(string name) => QuantizingRequest.IsOfFewBits(name)
        ? throw new LowrankException($"\"{name}\" is a type of few bits, and {SavingSection.Dtypes.Prose} can be written here. " +
            "`lowrank quantize` makes the other of what is written")
        : SavingSection.Dtypes.Of(DtypeNames.Plain(name));

    /// <summary>The dialect that was named; null where none was.</summary>
    public string? Named(ParseResult result) => result.GetValue(dialect);

    /// <summary>Where and how an adapter is written.</summary>
    public AdapterOutput Of(ParseResult result, string path) =>
        new(path, Named(result), Dtype(result), Overwrite(result)) { OptionalLevels = TextModel(result) };
}
