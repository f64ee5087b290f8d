namespace Lowrank.Torch;

/// <summary>States of random generators as bytes: saved with a run, and put back to go on exactly where it stood.</summary>
public static class RandomState
{
    /// <summary>The state of <paramref name="generator"/>, or of the default one.</summary>
    public static byte[] Capture(Generator? generator = null)
    {
        using var state = generator is null ? random.get_rng_state() : generator.get_state();
        return state.bytes.ToArray();
    }

    /// <summary>Puts a captured state back.</summary>
    /// <exception cref="LowrankException">The bytes are not a state of this libtorch (a wrong length would end the process).</exception>
    public static void Restore(byte[] state, Generator? generator = null)
    {
        int length = Capture(generator).Length;
        if (state.Length != length)
            throw new LowrankException($"a random generator's state has {length} bytes here, and {state.Length} were given. " +
                "Was the run saved by another version of libtorch?");
        using var bytes = tensor(state, dtype: ScalarType.Byte, device: CPU);
        if (generator is null) random.set_rng_state(bytes);
        else generator.set_state(bytes);
    }

    /// <summary>Runs <paramref name="body"/> and puts the default generator back where it stood before.</summary>
    public static T Preserve<T>(Func<T> body)
    {
        var before = Capture();
        try { return body(); }
        finally { Restore(before); }
    }
}
