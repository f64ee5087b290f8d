namespace Lowrank.Cli;

/// <summary>The option that names what computes.</summary>
sealed class DeviceOption : Option<string>
{
    public DeviceOption() : base("--device")
    {
        HelpName = "NAME";
        Description = "what computes: auto (the fastest that is here), cpu, cuda, cuda:1 (the second GPU) or mps";
        DefaultValueFactory = _ => "auto";
        this.AcceptNames(Devices.Names, Devices.Spelled);
    }
}
