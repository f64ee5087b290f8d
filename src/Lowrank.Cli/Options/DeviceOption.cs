using System.Text.RegularExpressions;

namespace Lowrank.Cli;

/// <summary>The option that names what computes.</summary>
sealed partial class DeviceOption : Option<string>
{
    public DeviceOption() : base("--device")
    {
        HelpName = "NAME";
        Description = "what computes: auto (the fastest that is here), cpu, cuda, cuda:1 (the second GPU) or mps";
        DefaultValueFactory = _ => "auto";
        CompletionSources.Add("auto", "cpu", "cuda", "mps");
        Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Known().IsMatch(name))
                result.AddError($"--device is {name}; it is auto, cpu, cuda, cuda:N or mps.");
        });
    }

    [GeneratedRegex("^(auto|cpu|mps|cuda(:[0-9]+)?)$")]
    private static partial Regex Known();
}
