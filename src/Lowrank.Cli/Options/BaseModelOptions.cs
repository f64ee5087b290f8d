using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>The options by which the commands on adapter files are told their base model.</summary>
sealed class BaseModelOptions(string why)
{
    readonly Option<string> model = new("--base-model", "--model", "-m") { HelpName = "FOLDER|FILE", Description = why };

    readonly Option<string> config = new("--model-config")
    {
        HelpName = "FOLDER",
        Description = "a diffusers folder that tells what a single file does not: settings of a network of unusual shape",
    };

    readonly UnmatchedOption allowUnmatched = new();

    /// <summary>The options.</summary>
    public Option[] All => [model, config, allowUnmatched];

    /// <summary>What was typed.</summary>
    public BaseModelChoice Of(ParseResult result)
    {
        var options = new CheckpointOptions { Config = result.GetValue(config), AllowUnmatched = result.GetValue(allowUnmatched) };
        return new(result.GetValue(model), options);
    }
}
