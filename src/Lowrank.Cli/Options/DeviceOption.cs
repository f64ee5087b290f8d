namespace Lowrank.Cli;

/// <summary>The option that names what computes.</summary>
sealed class DeviceOption : Option<string>
{
    public DeviceOption() : base("--device")
    {
        HelpName = "NAME";
        Description = "what computes: auto (the fastest that is here), cpu, cuda, cuda:1 (the second GPU) or mps";
        DefaultValueFactory = _ => "auto";
        CompletionSources.Add([.. Devices.Names]);
        Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Devices.IsName(name))
                result.AddError($"--device is {name}; it is auto, cpu, cuda, cuda:N or mps.");
        });
    }
}
