namespace Lowrank.Formats;

/// <summary>Files of torch.save (.pt, .ckpt, .bin), read without Python: only tensors and plain data come out, and anything else a pickle
/// names is refused.</summary>
public static class TorchPickle
{
    internal const string ZipName = "torch zip", LegacyName = "torch legacy pickle";

    /// <summary>Opens either kind. Tensors are named by their dotted path (a leading <c>state_dict.</c> left out; items of lists by index),
    /// strings and numbers become metadata. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">The file is damaged, or names anything but tensors and plain data; the message tells what and
    /// where.</exception>
    public static ITensorFile Open(string path)
    {
        using (var file = FileBytes.Open(path))
            if (file.ReadByte() != 'P') return new TorchLegacyFile(path);
        return new TorchZipFile(path);
    }
}
