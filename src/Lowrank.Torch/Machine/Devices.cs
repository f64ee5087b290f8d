namespace Lowrank.Torch;

/// <summary>How a device is spelled on the command line and in recipes.</summary>
public static class Devices
{
    /// <summary>The device of that name.</summary>
    /// <param name="name">"cpu", "cuda", "cuda:1", "mps"; "auto" is the fastest that this machine has.</param>
    /// <exception cref="LowrankException">No such device is known, or this machine or this build has none.</exception>
    public static Device Named(string name) => name switch
    {
        "auto" or "cpu" => CPU,
        _ => throw new LowrankException($"device is \"{name}\", and only cpu can be used here"),
    };
}
