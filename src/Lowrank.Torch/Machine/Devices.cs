namespace Lowrank.Torch;

/// <summary>Devices by the names that the command line and recipes give them.</summary>
public static class Devices
{
    /// <summary>The names; that of a GPU may have its number behind it.</summary>
    public static IReadOnlyList<string> Names => AvailableDevices.Names;

    /// <summary>A name as it is spelled ("cuda:1" for " CUDA:1"), be the device here or not.</summary>
    /// <exception cref="LowrankException">No such device is known; the message tells those that are.</exception>
    public static string Spelled(string name) => AvailableDevices.Spelled(name);

    /// <summary>The device of that name.</summary>
    /// <param name="name">"cpu", "cuda", "cuda:1", "mps"; "auto" is the fastest that this machine has.</param>
    /// <exception cref="LowrankException">No such device is known, this build of libtorch cannot use it, or this machine has none; the
    /// message tells which, and what to do.</exception>
    public static Device Named(string name) => AvailableDevices.IsCpu(name) ? CPU : AvailableDevices.Here.Named(name);

    /// <summary>The device that "auto" takes, and why.</summary>
    public static DeviceChoice Automatic => AvailableDevices.Here.Automatic;
}
